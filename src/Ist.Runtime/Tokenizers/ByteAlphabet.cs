using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// One printable character for each byte, as byte-level vocabularies write them: printable Latin-1 as it is, the rest from U+0100 up.
/// Source: GPT-2, <c>bytes_to_unicode</c>.
/// </summary>
public static class ByteAlphabet
{
    private const int Shifted = 0x100;

    private static readonly char[] _chars = new char[256];
    private static readonly Dictionary<char, byte> _bytes = [];

    static ByteAlphabet()
    {
        int next = Shifted;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            _chars[b] = (char)(printable ? b : next++);
            _bytes[_chars[b]] = (byte)b;
        }
    }

    /// <summary>The character of a byte.</summary>
    public static char ToChar(byte value) => _chars[value];

    /// <summary>The byte of a character.</summary>
    public static bool TryGetByte(char c, out byte value) => _bytes.TryGetValue(c, out value);

    /// <summary>The bytes that a token stands for; a token with any other character, such as an added one, is its own UTF-8.</summary>
    public static byte[] ToBytes(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            if (!TryGetByte(token[i], out bytes[i]))
                return Encoding.UTF8.GetBytes(token);
        }
        return bytes;
    }
}
