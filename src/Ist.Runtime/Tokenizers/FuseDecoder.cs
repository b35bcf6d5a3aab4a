namespace Ist.Runtime.Tokenizers;

/// <summary>Joins all parts into one, so that the next step sees the text as a whole.</summary>
internal sealed class FuseDecoder : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}
