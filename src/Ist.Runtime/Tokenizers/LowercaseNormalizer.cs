namespace Ist.Runtime.Tokenizers;

/// <summary>Lower case, character by character, whatever the language.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text) =>
        // U+0130 is the only character whose lower case is two characters.
        text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
}
