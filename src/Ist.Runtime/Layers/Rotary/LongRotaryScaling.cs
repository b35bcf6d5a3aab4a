using System.Collections.Immutable;

namespace Ist.Runtime.Layers;

/// <summary>
/// LongRoPE (<c>rope_type: longrope</c>; Ding et al., arXiv 2402.13753): every pair's frequency is divided by a factor of its own, of
/// which there is one set for texts within the original context and one for longer ones. Cosines and sines are multiplied by a
/// factor, so that attention stays as sharp. Source: transformers, <c>_compute_longrope_parameters</c>.
/// </summary>
/// <param name="ShortFactors">Divisors of pairs in texts within the original context (<c>short_factor</c>).</param>
/// <param name="LongFactors">Divisors of pairs in longer texts (<c>long_factor</c>).</param>
/// <param name="OriginalMaxPositions">The original context in tokens (<c>original_max_position_embeddings</c>).</param>
/// <param name="AttentionFactor">What cosines and sines are multiplied by (<c>attention_factor</c>).</param>
public sealed record LongRotaryScaling(
    ImmutableArray<float> ShortFactors, ImmutableArray<float> LongFactors, int OriginalMaxPositions, float AttentionFactor) : RotaryScaling
{
    /// <inheritdoc/>
    internal override float Factor => AttentionFactor;

    /// <inheritdoc/>
    internal override int? LongFrom => OriginalMaxPositions;

    /// <inheritdoc/>
    internal override float Frequency(int pair, float power) => 1f / (ShortFactors[pair] * power);

    /// <inheritdoc/>
    internal override float LongFrequency(int pair, float power) => 1f / (LongFactors[pair] * power);
}
