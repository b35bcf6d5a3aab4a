namespace Ist.Runtime.Layers;

/// <summary>
/// YaRN (<c>rope_type: yarn</c>; Peng et al., arXiv 2309.00071): pairs that turn often within the original context are left alone, those that
/// turn seldom are divided by the factor, and between the two it is blended from pair to pair. Cosines and sines are multiplied by a factor,
/// so that attention stays as sharp. Source: transformers, <c>_compute_yarn_parameters</c>.
/// </summary>
/// <param name="Divisor">The divisor of pairs that turn seldom (<c>factor</c>).</param>
/// <param name="First">The pair from which on frequencies are blended.</param>
/// <param name="Last">The pair from which on they are divided; more than <paramref name="First"/>.</param>
/// <param name="AttentionFactor">What cosines and sines are multiplied by (<c>attention_factor</c>).</param>
public sealed record YarnRotaryScaling(float Divisor, double First, double Last, float AttentionFactor) : RotaryScaling
{
    /// <summary>The pair that turns this often within a context, from pair to pair less often: d ln(context / (2 pi turns)) / (2 ln theta).</summary>
    /// <param name="turns">How often.</param>
    /// <param name="context">The context in tokens.</param>
    /// <param name="theta">The base.</param>
    /// <param name="turned">d, the elements of a head that are turned.</param>
    public static double PairOf(double turns, int context, float theta, int turned) =>
        turned * Math.Log(context / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));

    /// <inheritdoc/>
    internal override float Factor => AttentionFactor;

    /// <inheritdoc/>
    internal override float Frequency(int pair, float power)
    {
        float kept = 1 - Math.Clamp((float)((pair - First) / (Last - First)), 0f, 1f);
        return 1f / (Divisor * power) * (1 - kept) + 1f / power * kept;
    }
}
