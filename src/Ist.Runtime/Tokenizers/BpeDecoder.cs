namespace Ist.Runtime.Tokenizers;

/// <summary>Turns the suffix that ends a word into a space, and into nothing at the text's end.</summary>
internal sealed class BpeDecoder(string suffix) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) =>
        [.. tokens.Select((token, i) => suffix.Length == 0 ? token : token.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
}
