using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads the <c>post_processor</c> of <c>tokenizer.json</c>.</summary>
internal static class PostProcessorReader
{
    /// <summary>The ids that a node puts around a text.</summary>
    /// <exception cref="InputException">Its kind isn't supported, or a key is missing or wrong.</exception>
    public static PostProcessor Read(JsonConfig node) => node.GetString("type") switch
    {
        // Each step goes around what the steps before it gave.
        "Sequence" => node.GetObjects("processors").Select(Read).Aggregate(PostProcessor.None,
            (inner, outer) => new PostProcessor([.. outer.Prefix, .. inner.Prefix], [.. inner.Suffix, .. outer.Suffix])
            {
                // Only one step of a sequence knows pairs; the others add nothing.
                Pair = inner.Pair.Length == 0 ? outer.Pair : inner.Pair,
            }),
        "TemplateProcessing" => ReadTemplate(node),
        // It only corrects places in the text, which ids don't have.
        "ByteLevel" => PostProcessor.None,
        "RobertaProcessing" => PostProcessor.Roberta(ReadPairId(node, "cls"), ReadPairId(node, "sep")),
        "BertProcessing" => PostProcessor.Bert(ReadPairId(node, "cls"), ReadPairId(node, "sep")),
        _ => throw Unsupported.Node(node, "post-processor",
            "Sequence, TemplateProcessing, ByteLevel, RobertaProcessing and BertProcessing"),
    };

    private static PostProcessor ReadTemplate(JsonConfig node)
    {
        JsonConfig? tokens = node.GetObjectOrNull("special_tokens");
        var prefix = new List<int>();
        var suffix = new List<int>();
        int sequences = 0;
        foreach (JsonConfig part in node.GetObjects("single"))
        {
            if (part.GetObjectOrNull("Sequence") is { } sequence)
            {
                if (sequence.GetString("id") != "A" || ++sequences > 1)
                    throw node.Fault("single", "names another sequence than A, or A twice; a template for one text has A once");
                continue;
            }
            (sequences == 0 ? prefix : suffix).AddRange(TokenIds(node, "single", tokens, part.GetObject("SpecialToken")));
        }
        return sequences == 1
            ? new PostProcessor([.. prefix], [.. suffix]) { Pair = ReadPair(node, tokens) }
            : throw node.Fault("single", "doesn't name the sequence A; a template for one text has A once");
    }

    private static PairPart[] ReadPair(JsonConfig node, JsonConfig? tokens)
    {
        if (!node.Has("pair") || node.IsEmptyList("pair"))
            return [];
        var parts = new List<PairPart>();
        foreach (JsonConfig part in node.GetObjects("pair"))
        {
            if (part.GetObjectOrNull("Sequence") is { } sequence)
                parts.Add(PairPart.OfText(sequence.GetString("id") == "A" ? 0 : 1, sequence.GetInt("type_id", 0)));
            else if (part.GetObject("SpecialToken") is var token)
                parts.AddRange(TokenIds(node, "pair", tokens, token).Select(id => PairPart.OfToken(id, token.GetInt("type_id", 0))));
        }
        return parts.Count(p => p.Text == 0) == 1 && parts.Count(p => p.Text == 1) == 1
            ? [.. parts]
            : throw node.Fault("pair", "doesn't name the sequences A and B once each");
    }

    private static IEnumerable<int> TokenIds(JsonConfig node, string template, JsonConfig? tokens, JsonConfig part)
    {
        string token = part.GetString("id");
        return tokens?.GetObjectOrNull(token) is { } ids
            ? ids.GetIntOrList("ids")
            : throw node.Fault(template, $"names the token {OneLine.Quote(token)}, which special_tokens lacks");
    }

    /// <summary>The id of a pair such as <c>["&lt;/s&gt;", 2]</c>.</summary>
    private static int ReadPairId(JsonConfig node, string key)
    {
        JsonElement[] pair = [.. node.GetElements(key)];
        return pair.Length == 2 && pair[0].ValueKind == JsonValueKind.String && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out int id)
            ? id
            : throw node.Fault(key, "isn't a pair of a token and its id");
    }
}
