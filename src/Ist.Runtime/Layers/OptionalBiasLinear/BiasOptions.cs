namespace Ist.Runtime.Layers;

/// <summary>Which of a model's linear layers have biases.</summary>
/// <param name="Optional">Whether those of <see cref="OptionalBiasLinear{I, O}"/> do (<c>attention_bias</c>, <c>enable_bias</c>).</param>
public sealed record BiasOptions(bool Optional);
