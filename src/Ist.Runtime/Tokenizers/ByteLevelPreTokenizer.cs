using System.Text;
using System.Text.RegularExpressions;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Cuts as GPT-2 does, if asked, and writes each byte of the UTF-8 as a character of <see cref="ByteAlphabet"/>.
/// Source: Hugging Face tokenizers, <c>ByteLevel</c>.
/// </summary>
/// <param name="addPrefixSpace">Whether to put a space before text that doesn't begin with one.</param>
/// <param name="useRegex">Whether to cut at GPT-2's pattern.</param>
internal sealed partial class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : IPreTokenizer
{
    private static readonly RegexPattern _words = new(Words());

    /// <inheritdoc/>
    public void Split(Piece piece, List<Piece> pieces)
    {
        string text = piece.Text.ToString();
        if (addPrefixSpace && !text.StartsWith(' '))
            text = " " + text;
        // The pattern matches every character, so its matches are the pieces.
        var cuts = new List<(int Start, int End)>();
        if (useRegex)
            _words.FindMatches(text, cuts);
        else
            cuts.Add((0, text.Length));

        var bytes = new char[Encoding.UTF8.GetByteCount(text)];
        int done = 0;
        foreach ((int start, int end) in cuts)
        {
            int length = Write(text.AsSpan(start, end - start), bytes.AsSpan(done));
            pieces.Add(new Piece(bytes.AsMemory(done, length), piece.StartsText && start == 0));
            done += length;
        }
    }

    private static int Write(ReadOnlySpan<char> text, Span<char> destination)
    {
        Span<byte> utf8 = stackalloc byte[4];
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int count = rune.EncodeToUtf8(utf8);
            foreach (byte b in utf8[..count])
                destination[length++] = ByteAlphabet.ToChar(b);
        }
        return length;
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
