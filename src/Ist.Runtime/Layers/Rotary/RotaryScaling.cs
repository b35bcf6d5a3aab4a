namespace Ist.Runtime.Layers;

/// <summary>How a checkpoint stretches the rotary embedding's frequencies for contexts longer than it was first trained on.</summary>
public abstract record RotaryScaling
{
    /// <summary>The frequency to use for an unscaled one, in F32 as Hugging Face computes it.</summary>
    /// <param name="frequency">Radians a position.</param>
    internal abstract float Scale(float frequency);
}
