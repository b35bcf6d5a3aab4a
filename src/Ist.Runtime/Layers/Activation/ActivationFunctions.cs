namespace Ist.Runtime.Layers;

/// <summary>
/// The names that configurations give activation functions. Source: transformers 4.55 <c>activations.py</c>, <c>ACT2CLS</c>. Its
/// <c>gelu_new</c>, <c>gelu_fast</c> and <c>gelu_pytorch_tanh</c> are one function written in three ways.
/// </summary>
public static class ActivationFunctions
{
    private static readonly SortedDictionary<string, ActivationFunction> _functions = new(StringComparer.Ordinal)
    {
        ["gelu"] = ActivationFunction.Gelu,
        ["gelu_accurate"] = ActivationFunction.GeluTanh,
        ["gelu_fast"] = ActivationFunction.GeluTanh,
        ["gelu_new"] = ActivationFunction.GeluTanh,
        ["gelu_python"] = ActivationFunction.Gelu,
        ["gelu_pytorch_tanh"] = ActivationFunction.GeluTanh,
        ["quick_gelu"] = ActivationFunction.QuickGelu,
        ["relu"] = ActivationFunction.Relu,
        ["relu2"] = ActivationFunction.ReluSquared,
        ["sigmoid"] = ActivationFunction.Sigmoid,
        ["silu"] = ActivationFunction.Silu,
        ["swish"] = ActivationFunction.Silu,
        ["tanh"] = ActivationFunction.Tanh,
    };

    /// <summary>All names, sorted.</summary>
    public static IReadOnlyCollection<string> Names => _functions.Keys;

    /// <summary>The function of a name, if there is one.</summary>
    public static bool TryGet(string name, out ActivationFunction function) => _functions.TryGetValue(name, out function);
}
