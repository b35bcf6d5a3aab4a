namespace Ist.Runtime.Tokenizers;

/// <summary>Decoders one after the other.</summary>
internal sealed class SequenceDecoder(IDecoder[] decoders) : IDecoder
{
    /// <inheritdoc/>
    public List<string> Decode(List<string> tokens) => decoders.Aggregate(tokens, (t, decoder) => decoder.Decode(t));
}
