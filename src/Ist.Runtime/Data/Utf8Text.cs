using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Ist.Runtime.Data;

/// <summary>Text files as bytes.</summary>
internal static class Utf8Text
{
    /// <summary>The bytes without a byte order mark.</summary>
    /// <exception cref="InputException">They aren't valid UTF-8; names the line and the column (in bytes, from 1).</exception>
    public static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        if (Utf8.IsValid(bytes))
            return bytes;
        int bad = FirstInvalid(bytes);
        ReadOnlySpan<byte> before = bytes[..bad];
        int column = bad - before.LastIndexOf((byte)'\n');
        throw new InputException($"{path}: line {before.Count((byte)'\n') + 1}, column {column}: byte 0x{bytes[bad]:X2} isn't valid UTF-8; save the file as UTF-8");
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int used) == OperationStatus.Done)
            at += used;
        return at;
    }
}
