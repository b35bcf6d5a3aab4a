using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>Text without unpaired surrogates, so that every character has a code point and UTF-8.</summary>
internal static class WellFormed
{
    /// <summary>The text with each unpaired surrogate replaced by U+FFFD, as UTF-8 encoders do.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
            return text.ToString();
        var result = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            result.Append(rune);
        return result.ToString();
    }
}
