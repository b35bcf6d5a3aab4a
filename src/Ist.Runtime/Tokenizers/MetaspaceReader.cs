using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads what the pre-tokenizer and the decoder of type Metaspace share.</summary>
internal static class MetaspaceReader
{
    /// <summary>Where a space is put, from <c>prepend_scheme</c> or, in files before tokenizers 0.15, <c>add_prefix_space</c>.</summary>
    /// <exception cref="InputException">The scheme is unknown, or the two keys contradict each other.</exception>
    public static PrependScheme Prepend(JsonConfig node)
    {
        bool addPrefixSpace = node.GetBool("add_prefix_space", true);
        string scheme = node.GetString("prepend_scheme", addPrefixSpace ? "always" : "never");
        if (!addPrefixSpace && scheme != "never")
            throw node.Fault("prepend_scheme", $"is {OneLine.Quote(scheme)} where add_prefix_space is false; make it never or take add_prefix_space out");
        return scheme switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw node.Fault("prepend_scheme", $"is {OneLine.Quote(scheme)}, expected always, first or never"),
        };
    }
}
