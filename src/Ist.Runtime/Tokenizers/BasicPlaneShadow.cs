using System.Globalization;
using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// A text with each character beyond U+FFFF replaced by one of the same general category below it. .NET's regular expressions
/// see such a character as two surrogates, which <c>\p{L}</c> and <c>\p{N}</c> don't match; here they see what Oniguruma sees.
/// </summary>
internal sealed class BasicPlaneShadow
{
    private readonly int[] _sourceIndex;

    /// <summary>Makes the shadow of a text without unpaired surrogates.</summary>
    public BasicPlaneShadow(string source)
    {
        var text = new StringBuilder(source.Length);
        var indices = new List<int>(source.Length + 1);
        int at = 0;
        foreach (Rune rune in source.EnumerateRunes())
        {
            indices.Add(at);
            text.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            at += rune.Utf16SequenceLength;
        }
        indices.Add(at);
        Text = text.ToString();
        _sourceIndex = [.. indices];
    }

    /// <summary>One UTF-16 unit per character of the source.</summary>
    public string Text { get; }

    /// <summary>Where in the source the character at an index of <see cref="Text"/> begins.</summary>
    public int IndexInSource(int index) => _sourceIndex[index];

    /// <summary>A character of the category, from blocks that tokenizers' patterns don't name.</summary>
    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u2C80',
        UnicodeCategory.LowercaseLetter => '\u2C81',
        UnicodeCategory.TitlecaseLetter => '\u1F88',
        UnicodeCategory.ModifierLetter => '\u1D2C',
        UnicodeCategory.OtherLetter => '\u16A0',
        UnicodeCategory.NonSpacingMark => '\u20D0',
        UnicodeCategory.SpacingCombiningMark => '\u1B04',
        UnicodeCategory.EnclosingMark => '\u20DD',
        UnicodeCategory.DecimalDigitNumber => '\u1B50',
        UnicodeCategory.LetterNumber => '\u16EE',
        UnicodeCategory.OtherNumber => '\u2CFD',
        UnicodeCategory.ConnectorPunctuation => '\u203F',
        UnicodeCategory.DashPunctuation => '\u2E3A',
        UnicodeCategory.OpenPunctuation => '\u2E22',
        UnicodeCategory.ClosePunctuation => '\u2E23',
        UnicodeCategory.InitialQuotePunctuation => '\u2E02',
        UnicodeCategory.FinalQuotePunctuation => '\u2E03',
        UnicodeCategory.OtherPunctuation => '\u2E2A',
        UnicodeCategory.MathSymbol => '\u2A00',
        UnicodeCategory.CurrencySymbol => '\u20A0',
        UnicodeCategory.ModifierSymbol => '\u02C2',
        UnicodeCategory.OtherSymbol => '\u2400',
        UnicodeCategory.Format => '\u2061',
        UnicodeCategory.PrivateUse => '\uE000',
        UnicodeCategory.OtherNotAssigned => '\u2FE0',
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "No character beyond U+FFFF has this category."),
    };
}
