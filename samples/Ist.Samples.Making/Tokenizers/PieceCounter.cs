using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Ist.Samples.Making.Tokenizers;

/// <summary>
/// Counts the pieces of texts that no token crosses: words with the space before them, numbers, punctuation, white space. Source of the
/// pattern: GPT-2's <c>encoder.py</c>, which is Hugging Face's ByteLevel pre-tokenizer.
/// </summary>
internal sealed partial class PieceCounter
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>How often each piece occurred.</summary>
    public IReadOnlyDictionary<string, long> Pieces => _counts;

    /// <summary>Counts a text; the special token in it separates texts and is not counted.</summary>
    public void Add(string text)
    {
        foreach (string part in text.Split(BytePairVocabulary.EndOfText))
        {
            foreach (ValueMatch match in Piece().EnumerateMatches(part))
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, part.Substring(match.Index, match.Length), out _)++;
        }
    }

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Piece();
}
