using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads the <c>model</c> of <c>tokenizer.json</c> where it is BPE.</summary>
internal static class BpeModelReader
{
    /// <summary>The model that a node describes.</summary>
    /// <exception cref="InputException">A key is missing or wrong, or vocabulary and merges don't belong together.</exception>
    public static BpeModel Read(JsonConfig node)
    {
        if (node.GetDouble("dropout", 0) != 0)
            throw node.Fault("dropout", "isn't null: BPE dropout gives other ids each time, which isn't supported; set it to null");
        var vocabulary = new Vocabulary(node.GetIds("vocab"), $"{node.Source}: 'model.vocab'");
        string prefix = node.GetString("continuing_subword_prefix", "");
        var merges = new MergeTable(ReadMerges(node), vocabulary, prefix, $"{node.Source}: 'model.merges'");
        return new BpeModel(vocabulary, merges, new BpeOptions
        {
            Unk = ReadUnknown(node, vocabulary),
            FuseUnk = node.GetBool("fuse_unk", false),
            ByteFallback = node.GetBool("byte_fallback", false),
            IgnoreMerges = node.GetBool("ignore_merges", false),
            ContinuingSubwordPrefix = prefix,
            EndOfWordSuffix = node.GetString("end_of_word_suffix", ""),
        });
    }

    private static int? ReadUnknown(JsonConfig node, Vocabulary vocabulary) => node.GetStringOrNull("unk_token") is { } token
        ? vocabulary.Id(token) ?? throw node.Fault("unk_token", $"is {OneLine.Quote(token)}, which the vocabulary lacks")
        : null;

    private static List<(string Left, string Right)> ReadMerges(JsonConfig node)
    {
        IReadOnlyList<JsonElement> elements = node.GetElements("merges");
        var merges = new List<(string, string)>(elements.Count);
        foreach (JsonElement element in elements)
        {
            string[] parts = element.ValueKind switch
            {
                JsonValueKind.String => element.GetString()!.Split(' '),
                JsonValueKind.Array when element.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String) =>
                    [.. element.EnumerateArray().Select(e => e.GetString()!)],
                _ => [],
            };
            if (parts is not [string left, string right])
                throw node.Fault("merges", $"holds {OneLine.Escape(element.GetRawText())} as merge {merges.Count + 1}, expected \"a b\" or [\"a\", \"b\"]");
            merges.Add((left, right));
        }
        return merges;
    }
}
