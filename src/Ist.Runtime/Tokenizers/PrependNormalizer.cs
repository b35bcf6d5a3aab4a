namespace Ist.Runtime.Tokenizers;

/// <summary>Puts a string before any text that isn't empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text) => text.Length == 0 ? text : prefix + text;
}
