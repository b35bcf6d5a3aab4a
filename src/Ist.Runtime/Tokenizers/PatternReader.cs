using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads a pattern of <c>tokenizer.json</c>: <c>{"String": "…"}</c> or <c>{"Regex": "…"}</c>.</summary>
internal static class PatternReader
{
    /// <summary>The pattern under a key.</summary>
    /// <exception cref="InputException">It is neither, or the regular expression isn't supported.</exception>
    public static Pattern Read(JsonConfig node, string key)
    {
        JsonConfig pattern = node.GetObject(key);
        if (pattern.Has("String"))
            return new LiteralPattern(pattern.GetString("String"));
        if (pattern.Has("Regex"))
            return new RegexPattern(OnigurumaRegex.Compile(pattern, "Regex", pattern.GetString("Regex")));
        throw node.Fault(key, """is neither {"String": …} nor {"Regex": …}""");
    }
}
