namespace Ist.Runtime.Layers;

/// <summary>
/// Llama 3.1's scaling: long waves are stretched by the factor, short ones kept, and those between blended.
/// Source: transformers <c>modeling_rope_utils.py</c>, <c>_compute_llama3_parameters</c>.
/// </summary>
/// <param name="Factor">How far long waves are stretched.</param>
/// <param name="LowFrequencyFactor">Waves longer than the original context divided by this are long.</param>
/// <param name="HighFrequencyFactor">Waves shorter than the original context divided by this are short.</param>
/// <param name="OriginalPositions">The context that the model was first trained on.</param>
public sealed record Llama3RotaryScaling(float Factor, float LowFrequencyFactor, float HighFrequencyFactor, int OriginalPositions) : RotaryScaling
{
    /// <inheritdoc/>
    public override float Scale(float frequency)
    {
        float wave = 2 * MathF.PI / frequency;
        if (wave < OriginalPositions / HighFrequencyFactor)
            return frequency;
        if (wave > OriginalPositions / LowFrequencyFactor)
            return frequency / Factor;
        float smooth = (OriginalPositions / wave - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor);
        return (1 - smooth) * frequency / Factor + smooth * frequency;
    }
}
