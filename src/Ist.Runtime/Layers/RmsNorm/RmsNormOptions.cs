namespace Ist.Runtime.Layers;

/// <summary>Numbers of a model's RMS norms.</summary>
/// <param name="Epsilon">Added to the mean square (<c>rms_norm_eps</c>).</param>
public sealed record RmsNormOptions(float Epsilon);
