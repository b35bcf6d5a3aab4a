namespace Ist.Runtime.Layers;

/// <summary>What a model's activations compute.</summary>
/// <param name="Function">The function (<c>activation_function</c>, <c>hidden_act</c>).</param>
public sealed record ActivationOptions(ActivationFunction Function);
