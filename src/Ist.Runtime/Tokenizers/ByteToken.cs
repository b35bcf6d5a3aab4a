using System.Globalization;

namespace Ist.Runtime.Tokenizers;

/// <summary>Tokens that stand for one byte of UTF-8, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
internal static class ByteToken
{
    /// <summary>The token of a byte.</summary>
    public static string Of(byte value) => $"<0x{value:X2}>";

    /// <summary>The byte of a token.</summary>
    public static bool TryParse(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
