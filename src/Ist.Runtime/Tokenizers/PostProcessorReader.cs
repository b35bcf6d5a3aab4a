using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads the <c>post_processor</c> of <c>tokenizer.json</c>, as far as it concerns a single text.</summary>
internal static class PostProcessorReader
{
    /// <summary>The ids that a node puts around a text.</summary>
    /// <exception cref="InputException">Its kind isn't supported, or a key is missing or wrong.</exception>
    public static PostProcessor Read(JsonConfig node) => node.GetString("type") switch
    {
        // Each step goes around what the steps before it gave.
        "Sequence" => node.GetObjects("processors").Select(Read).Aggregate(PostProcessor.None,
            (inner, outer) => new PostProcessor([.. outer.Prefix, .. inner.Prefix], [.. inner.Suffix, .. outer.Suffix])),
        "TemplateProcessing" => ReadTemplate(node),
        // It only corrects places in the text, which ids don't have.
        "ByteLevel" => PostProcessor.None,
        "RobertaProcessing" or "BertProcessing" => new PostProcessor([ReadPairId(node, "cls")], [ReadPairId(node, "sep")]),
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
            string token = part.GetObject("SpecialToken").GetString("id");
            if (tokens?.GetObjectOrNull(token) is not { } ids)
                throw node.Fault("single", $"names the token {OneLine.Quote(token)}, which special_tokens lacks");
            (sequences == 0 ? prefix : suffix).AddRange(ids.GetIntOrList("ids"));
        }
        return sequences == 1
            ? new PostProcessor([.. prefix], [.. suffix])
            : throw node.Fault("single", "doesn't name the sequence A; a template for one text has A once");
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
