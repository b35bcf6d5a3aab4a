namespace Ist.Runtime.Tokenizers;

/// <summary>Replaces each match of a pattern in each part.</summary>
internal sealed class ReplaceDecoder(Pattern pattern, string content) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => [.. tokens.Select(t => pattern.Replace(t, content))];
}
