namespace Ist.Runtime.Tokenizers;

/// <summary>Replaces each match of a pattern by a string, taken literally.</summary>
internal sealed class ReplaceNormalizer(Pattern pattern, string content) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text) => pattern.Replace(text, content);
}
