using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y = w * x / sqrt(mean(x^2) + epsilon), row by row (Zhang and Sennrich, arXiv 1910.07467).</summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class RmsNorm<D> where D : IWidth
{
    /// <summary>Takes the weight <c>[D]</c> of the scope's name.</summary>
    public RmsNorm(Scope scope)
    {
        Weight = scope.Weight("weight", Initial.Ones, scope.Width<D>());
        Epsilon = scope.Options<RmsNormOptions>().Epsilon;
    }

    /// <summary>w, [D].</summary>
    public Weight Weight { get; }

    /// <summary>Added to the mean square.</summary>
    public float Epsilon { get; }
}
