using System.Globalization;
using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>Classes of characters as Rust's standard library and regular expressions, on which Hugging Face's tokenizers stand, have them.</summary>
internal static class UnicodeClass
{
    /// <summary>What <c>\w</c> matches: alphabetic, mark, decimal digit, connector or join control (Unicode TR18, annex C).</summary>
    public static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
        // Circled and squared letters are alphabetic though they are symbols.
        UnicodeCategory.OtherSymbol => rune.Value is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149)
            or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
        _ => false,
    };

    /// <summary>ASCII punctuation, symbols such as <c>$</c> and <c>+</c> included, or any of Unicode's categories P.</summary>
    public static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? char.IsAsciiLetterOrDigit((char)rune.Value) is false && rune.Value is > ' ' and < 0x7F : Rune.IsPunctuation(rune);

    /// <summary>Unicode's categories N.</summary>
    public static bool IsNumeric(Rune rune) => Rune.IsNumber(rune);

    /// <summary>Unicode's categories M.</summary>
    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
