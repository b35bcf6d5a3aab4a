using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Refuses parts of <c>tokenizer.json</c> that aren't built, by name: leaving one out would change ids without a word.</summary>
internal static class Unsupported
{
    /// <summary>The error for a node of unknown type.</summary>
    public static InputException Node(JsonConfig node, string role, string supported) =>
        node.Fault("type", $"is the {role} {OneLine.Quote(node.GetString("type"))}, which isn't supported; supported are {supported}");
}
