namespace Ist.Runtime.Layers;

/// <summary>Numbers of a model's layer norms.</summary>
/// <param name="Epsilon">Added to the variance (<c>layer_norm_eps</c>, <c>layer_norm_epsilon</c>).</param>
public sealed record LayerNormOptions(float Epsilon);
