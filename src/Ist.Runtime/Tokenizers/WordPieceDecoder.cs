namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Puts a space before each token that doesn't continue a word, and none before one that does.
/// Source: Hugging Face tokenizers, <c>decoders/wordpiece.rs</c>.
/// </summary>
/// <param name="prefix">Begins tokens that continue a word, usually <c>##</c>.</param>
/// <param name="cleanup">Whether to leave out the space before English punctuation and short forms.</param>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : IDecoder
{
    private static readonly (string Dirty, string Clean)[] _replacements =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => [.. tokens.Select((token, i) => cleanup ? Clean(Spaced(token, i)) : Spaced(token, i))];

    private string Spaced(string token, int index)
    {
        if (index == 0)
            return token;
        return token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
    }

    private static string Clean(string text) =>
        _replacements.Aggregate(text, (t, replacement) => t.Replace(replacement.Dirty, replacement.Clean, StringComparison.Ordinal));
}
