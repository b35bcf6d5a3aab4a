namespace Ist.Runtime.Layers;

/// <summary>
/// LLaMA 3.1's scaling (<c>rope_type: llama3</c>): long waves are divided by the factor, short ones left alone, and between the
/// two the frequency is interpolated. Source: transformers, <c>_compute_llama3_parameters</c>.
/// </summary>
/// <param name="Divisor">The divisor of long waves (<c>factor</c>).</param>
/// <param name="LowFreqFactor">Waves longer than the original context divided by this are divided (<c>low_freq_factor</c>).</param>
/// <param name="HighFreqFactor">Waves shorter than the original context divided by this are left alone (<c>high_freq_factor</c>).</param>
/// <param name="OriginalMaxPositions">The original context (<c>original_max_position_embeddings</c>).</param>
public sealed record Llama3RotaryScaling(float Divisor, float LowFreqFactor, float HighFreqFactor, int OriginalMaxPositions) : RotaryScaling
{
    /// <inheritdoc/>
    internal override float Frequency(int pair, float power)
    {
        float frequency = 1f / power;
        // A Python number that meets a float32 tensor becomes a float32, once it is computed.
        float longest = (float)((double)OriginalMaxPositions / LowFreqFactor), shortest = (float)((double)OriginalMaxPositions / HighFreqFactor);
        float wavelength = (float)(2 * Math.PI) / frequency;
        if (wavelength < shortest)
            return frequency;
        if (wavelength > longest)
            return frequency / Divisor;
        float smooth = (OriginalMaxPositions / wavelength - LowFreqFactor) / (float)((double)HighFreqFactor - LowFreqFactor);
        return (1 - smooth) * frequency / Divisor + smooth * frequency;
    }
}
