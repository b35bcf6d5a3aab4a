using System.Text.Json;
using System.Text.Json.Nodes;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;

namespace Ist.Cli.Finetuning;

/// <summary>What stands beside the weights in a Hugging Face folder, for a model that was trained whole.</summary>
internal static class ModelFiles
{
    private static readonly string[] _unchanged =
    [
        "generation_config.json", "tokenizer.json", "tokenizer_config.json", "tokenizer.model", "vocab.json", "merges.txt", "vocab.bpe",
        "special_tokens_map.json", "added_tokens.json", "chat_template.jinja",
    ];

    /// <summary>Copies the files.</summary>
    /// <param name="from">The model's folder.</param>
    /// <param name="to">The folder with the trained weights.</param>
    /// <param name="dtype">The precision of these, which the configuration then names.</param>
    /// <exception cref="Runtime.RunException">A file can't be written.</exception>
    public static void Copy(string from, string to, DType dtype)
    {
        foreach (string name in _unchanged.Where(name => File.Exists(Path.Combine(from, name))))
        {
            AtomicFile.Write(Path.Combine(to, name), stream =>
            {
                using FileStream source = File.OpenRead(Path.Combine(from, name));
                source.CopyTo(stream);
            });
        }
        JsonObject config = JsonNode.Parse(File.ReadAllBytes(Path.Combine(from, "config.json")))!.AsObject();
        // The key of transformers 4, where the file has it, else that of transformers 5.
        config[config.ContainsKey("torch_dtype") ? "torch_dtype" : "dtype"] = dtype switch
        {
            DType.BF16 => "bfloat16",
            DType.F16 => "float16",
            _ => "float32",
        };
        AtomicFile.WriteAllText(Path.Combine(to, "config.json"), config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }
}
