using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = (1 + w) * x / sqrt(mean(x^2) + epsilon), row by row: the norm of Zhang and Sennrich, arXiv 1910.07467, with the weight that
/// Gemma stores, which begins at 0.
/// </summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class UnitOffsetRmsNorm<D> where D : IWidth
{
    /// <summary>Takes the weight <c>[D]</c> of the scope's name.</summary>
    public UnitOffsetRmsNorm(Scope scope)
    {
        Weight = scope.Weight("weight", Initial.Zeros, scope.Width<D>());
        Epsilon = scope.Options<RmsNormOptions>().Epsilon;
    }

    /// <summary>w, [D].</summary>
    public Weight Weight { get; }

    /// <summary>Added to the mean square.</summary>
    public float Epsilon { get; }
}
