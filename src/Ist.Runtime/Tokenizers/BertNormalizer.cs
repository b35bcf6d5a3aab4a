using System.Globalization;
using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Cleans text as BERT does: control characters go, white space becomes spaces, Chinese characters get spaces around them, marks
/// go, and letters become small. Source: Hugging Face tokenizers, <c>normalizers/bert.rs</c>.
/// </summary>
/// <param name="cleanText">Whether to take away control characters and U+FFFD, and to write white space as spaces.</param>
/// <param name="handleChineseChars">Whether to put spaces around characters of the Chinese blocks.</param>
/// <param name="stripAccents">Whether to take letters apart (NFD) and leave out their non-spacing marks.</param>
/// <param name="lowercase">Whether to write small letters.</param>
internal sealed class BertNormalizer(bool cleanText, bool handleChineseChars, bool stripAccents, bool lowercase) : INormalizer
{
    private static readonly UnicodeNormalizer _decompose = new(compatibility: false, compose: false);
    private static readonly LowercaseNormalizer _lowercase = new();

    /// <summary>The same normalizer where a switch is null, else with the switch's value.</summary>
    public BertNormalizer With(bool? lower, bool? strip, bool? chinese)
    {
        // Accents follow the case where nothing is said about them.
        bool strips = strip ?? (lower is { } l && stripAccents == lowercase ? l : stripAccents);
        return new BertNormalizer(cleanText, chinese ?? handleChineseChars, strips, lower ?? lowercase);
    }

    /// <inheritdoc/>
    public string Normalize(string text)
    {
        if (cleanText || handleChineseChars)
            text = Clean(text);
        if (stripAccents)
            text = WithoutMarks(_decompose.Normalize(text));
        return lowercase ? _lowercase.Normalize(text) : text;
    }

    private string Clean(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (cleanText && IsDropped(rune))
                continue;
            if (cleanText && (Rune.IsWhiteSpace(rune) || rune.Value is '\t' or '\n' or '\r'))
                result.Append(' ');
            else if (handleChineseChars && IsChinese(rune.Value))
                result.Append(' ').Append(rune).Append(' ');
            else
                result.Append(rune);
        }
        return result.ToString();
    }

    private static string WithoutMarks(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                result.Append(rune);
        }
        return result.ToString();
    }

    /// <summary>U+FFFD and what is of the categories Cc, Cf and Co, tab and line ends apart.</summary>
    private static bool IsDropped(Rune rune) => rune.Value switch
    {
        '\t' or '\n' or '\r' => false,
        0xFFFD => true,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse,
    };

    // The sixth block begins at U+2B820 in Unicode and at U+2B920 in Hugging Face's code, whose ids count.
    private static bool IsChinese(int code) => code
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
