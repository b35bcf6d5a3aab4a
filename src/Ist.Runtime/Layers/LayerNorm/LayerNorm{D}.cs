using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = w * (x - mean(x)) / sqrt(variance(x) + epsilon) + b, row by row, with the variance of the whole row (Ba et al.,
/// arXiv 1607.06450).
/// </summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class LayerNorm<D> where D : IWidth
{
    /// <summary>Takes the weight and the bias <c>[D]</c> of the scope's name.</summary>
    public LayerNorm(Scope scope)
    {
        Weight = scope.Weight("weight", Initial.Ones, scope.Width<D>());
        Bias = scope.Weight("bias", Initial.Zeros, scope.Width<D>());
        Epsilon = scope.Options<LayerNormOptions>().Epsilon;
    }

    /// <summary>w, [D].</summary>
    public Weight Weight { get; }

    /// <summary>b, [D].</summary>
    public Weight Bias { get; }

    /// <summary>Added to the variance.</summary>
    public float Epsilon { get; }
}
