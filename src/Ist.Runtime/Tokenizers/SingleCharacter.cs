using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads keys that hold one character.</summary>
internal static class SingleCharacter
{
    /// <summary>The character under a key.</summary>
    /// <exception cref="InputException">It isn't one character below U+10000.</exception>
    public static char Read(JsonConfig node, string key)
    {
        string text = node.GetString(key);
        return text.Length == 1 ? text[0] : throw node.Fault(key, $"is {OneLine.Quote(text)}, expected one character");
    }
}
