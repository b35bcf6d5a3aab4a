namespace Ist.Runtime.Layers;

/// <summary>How the frequencies of a rotary embedding are changed for long contexts (<c>rope_type</c>).</summary>
public abstract record RotaryScaling
{
    /// <summary>The changed frequency, in radians per position.</summary>
    public abstract float Scale(float frequency);
}
