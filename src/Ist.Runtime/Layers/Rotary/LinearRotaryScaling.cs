namespace Ist.Runtime.Layers;

/// <summary>Position interpolation (<c>rope_type: linear</c>; Chen et al., arXiv 2306.15595): every frequency is divided.</summary>
/// <param name="Factor">The divisor (<c>factor</c>).</param>
public sealed record LinearRotaryScaling(float Factor) : RotaryScaling
{
    /// <inheritdoc/>
    internal override float Scale(float frequency) => frequency / Factor;
}
