namespace Ist.Runtime.Layers;

/// <summary>A function that is applied element by element; <see cref="ActivationFunctions"/> has their names in Hugging Face.</summary>
public enum ActivationFunction
{
    /// <summary>x Phi(x), Phi(x) = (1 + erf(x / sqrt(2))) / 2 (Hendrycks and Gimpel, arXiv 1606.08415).</summary>
    Gelu,

    /// <summary>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, the approximation of the same paper.</summary>
    GeluTanh,

    /// <summary>x / (1 + e^(-1.702 x)), the other approximation of the same paper.</summary>
    QuickGelu,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>max(x, 0)^2 (So et al., arXiv 2109.08668).</summary>
    ReluSquared,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>x / (1 + e^-x).</summary>
    Silu,

    /// <summary>tanh(x).</summary>
    Tanh,
}
