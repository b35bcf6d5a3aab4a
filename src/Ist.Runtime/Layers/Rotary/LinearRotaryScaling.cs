namespace Ist.Runtime.Layers;

/// <summary>Position interpolation (<c>rope_type: linear</c>; Chen et al., arXiv 2306.15595): every frequency is divided.</summary>
/// <param name="Divisor">The divisor (<c>factor</c>).</param>
public sealed record LinearRotaryScaling(float Divisor) : RotaryScaling
{
    /// <inheritdoc/>
    internal override float Frequency(int pair, float power) => 1f / power / Divisor;
}
