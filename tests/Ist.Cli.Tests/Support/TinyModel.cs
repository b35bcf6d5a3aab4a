using System.Text.Json.Nodes;
using Ist.TestSupport;

namespace Ist.Cli.Tests.Support;

/// <summary>Copies of a golden checkpoint, with a tokenizer that makes a token of each byte.</summary>
internal static class TinyModel
{
    /// <summary>The golden checkpoint, which has no tokenizer.</summary>
    public static string Golden(string checkpoint = "llama-mha", params string[] more) =>
        Path.Combine([SharedFolder.Root, "tests", "golden", checkpoint, .. more]);

    /// <summary>Copies the checkpoint, and adds a tokenizer.</summary>
    public static string Create(TemporaryFolder folder, string name = "model")
    {
        string path = folder[name];
        Directory.CreateDirectory(path);
        foreach (string file in (string[])["config.json", "model.safetensors", "generation_config.json"])
            File.Copy(Golden("llama-mha", file), Path.Combine(path, file));
        File.WriteAllText(Path.Combine(path, "tokenizer.json"), Tokenizer());
        File.WriteAllText(Path.Combine(path, "tokenizer_config.json"), """{"eos_token": "<|endoftext|>", "bos_token": null}""");
        return path;
    }

    /// <summary>Rows of a game that a tiny model can learn: the completion repeats the prompt's letter.</summary>
    public static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(i =>
    {
        char letter = (char)('a' + i * 7 % 23);
        return $$"""{"prompt": "{{letter}}{{i % 10}} =>", "completion": " {{letter}}{{letter}}{{letter}}"}""" + "\n";
    }));

    // GPT-2's alphabet: printable bytes stand for themselves, the others for the characters from U+0100 on.
    private static string Tokenizer()
    {
        var vocabulary = new JsonObject();
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool stands = b is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE;
            vocabulary[((char)(stands ? b : next++)).ToString()] = b;
        }
        vocabulary["<|endoftext|>"] = 256;
        var byteLevel = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true };
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(new JsonObject
            {
                ["id"] = 256,
                ["content"] = "<|endoftext|>",
                ["single_word"] = false,
                ["lstrip"] = false,
                ["rstrip"] = false,
                ["normalized"] = false,
                ["special"] = true,
            }),
            ["normalizer"] = null,
            ["pre_tokenizer"] = byteLevel.DeepClone(),
            ["post_processor"] = null,
            ["decoder"] = byteLevel,
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        }.ToJsonString();
    }
}
