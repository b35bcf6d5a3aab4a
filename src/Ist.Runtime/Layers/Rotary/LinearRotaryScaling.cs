namespace Ist.Runtime.Layers;

/// <summary>Position interpolation (Chen et al., arXiv 2306.15595): every frequency is divided by the factor.</summary>
public sealed record LinearRotaryScaling(float Factor) : RotaryScaling
{
    /// <inheritdoc/>
    public override float Scale(float frequency) => frequency / Factor;
}
