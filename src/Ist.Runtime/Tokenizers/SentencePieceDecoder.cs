using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Joins pieces as SentencePiece does: bytes become UTF-8, and the space that encoding put before the text goes.
/// Source: google/sentencepiece, <c>SentencePieceProcessor::Decode</c>.
/// </summary>
internal sealed class SentencePieceDecoder(SentencePieceFile file) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens)
    {
        var text = new StringBuilder();
        var run = new List<byte>();
        bool atStart = true;
        foreach (string token in tokens)
        {
            if (file.ByteFallback && ByteToken.TryParse(token, out byte value))
            {
                run.Add(value);
                continue;
            }
            EndRun(run, text);
            atStart &= text.Length == 0;
            ReadOnlySpan<char> piece = token;
            if (atStart && (file.AddDummyPrefix || file.RemoveExtraWhitespaces) && piece.StartsWith(SentencePieceFile.Space))
            {
                piece = piece[1..];
                // Only where extra spaces are removed may a further piece begin with one to go.
                atStart = file.RemoveExtraWhitespaces;
            }
            foreach (char c in piece)
                text.Append(c == SentencePieceFile.Space ? ' ' : c);
        }
        EndRun(run, text);
        return [text.ToString()];
    }

    /// <summary>Appends bytes as UTF-8; each that is part of no character becomes U+FFFD.</summary>
    private static void EndRun(List<byte> run, StringBuilder text)
    {
        ReadOnlySpan<byte> bytes = [.. run];
        while (!bytes.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            text.Append(rune);
            bytes = bytes[(valid ? length : 1)..];
        }
        run.Clear();
    }
}
