using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

/// <summary>Tokenizers from files written in the tests.</summary>
internal static class TokenizerFiles
{
    /// <summary>A small BPE model over letters; <c>ab</c>, then <c>abc</c>, then <c>bc</c> are its merges.</summary>
    public const string Letters = """
        {"type": "BPE", "unk_token": "?", "vocab": {"?": 0, "a": 1, "b": 2, "c": 3, "ab": 4, "abc": 5, "bc": 6, "▁": 7, "▁a": 8, " ": 9},
         "merges": ["a b", "ab c", "b c", "▁ a"]}
        """;

    /// <summary>Reads a folder that holds these files.</summary>
    public static Tokenizer Load(params (string Name, string Text)[] files)
    {
        using var folder = new TemporaryFolder();
        foreach ((string name, string text) in files)
            folder.Write(name, text);
        return Tokenizer.Load(folder.Path);
    }

    /// <summary>Reads a <c>tokenizer.json</c> with this model and these further members.</summary>
    public static Tokenizer FromModel(string model, string members = "") =>
        Load(("tokenizer.json", $$"""{"model": {{model}}{{(members.Length > 0 ? ", " + members : "")}}}"""));

    /// <summary>A node of <c>tokenizer.json</c>.</summary>
    public static JsonConfig Node(string json) => JsonConfig.Parse(System.Text.Encoding.UTF8.GetBytes(json), "tokenizer.json");
}
