using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>Treats spaces as SentencePiece does before it looks for pieces. Source: google/sentencepiece, <c>normalizer.cc</c>.</summary>
internal sealed class SentencePieceNormalizer(SentencePieceFile file) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text)
    {
        if (file.RemoveExtraWhitespaces)
            text = SingleSpaces(text.Trim(' '));
        if (text.Length == 0)
            return text;
        if (file.AddDummyPrefix)
            text = " " + text;
        return file.EscapeWhitespaces ? text.Replace(' ', SentencePieceFile.Space) : text;
    }

    private static string SingleSpaces(string text)
    {
        if (!text.Contains("  ", StringComparison.Ordinal))
            return text;
        var result = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c != ' ' || result[^1] != ' ')
                result.Append(c);
        }
        return result.ToString();
    }
}
