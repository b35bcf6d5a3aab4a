namespace Ist.Runtime.Tokenizers;

/// <summary>Normalizers one after the other.</summary>
internal sealed class SequenceNormalizer(INormalizer[] normalizers) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text) => normalizers.Aggregate(text, (t, normalizer) => normalizer.Normalize(t));
}
