namespace Ist.Runtime.Layers;

/// <summary>How a checkpoint stretches the rotary embedding's frequencies for contexts longer than it was first trained on.</summary>
public abstract record RotaryScaling
{
    /// <summary>What cosines and sines are multiplied by.</summary>
    internal virtual float Factor => 1;

    /// <summary>Tokens beyond which a batch has the long frequencies; null where all have the same.</summary>
    internal virtual int? LongFrom => null;

    /// <summary>A pair's frequency in radians a position, in F32 as Hugging Face computes it.</summary>
    /// <param name="pair">Which pair of the head, from 0.</param>
    /// <param name="power">theta^(2 pair / elements turned); the unscaled frequency is 1 over it.</param>
    internal abstract float Frequency(int pair, float power);

    /// <summary>The same in a batch with more tokens than <see cref="LongFrom"/>.</summary>
    internal virtual float LongFrequency(int pair, float power) => Frequency(pair, power);
}
