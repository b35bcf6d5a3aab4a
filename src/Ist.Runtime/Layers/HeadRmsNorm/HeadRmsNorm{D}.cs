using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = w * x / sqrt(mean(x^2) + epsilon), head by head, with one w for all heads: the normed queries and keys of Dehghani et al.,
/// arXiv 2302.05442, with the norm of Zhang and Sennrich, arXiv 1910.07467.
/// </summary>
/// <typeparam name="D">All heads of a row.</typeparam>
public sealed class HeadRmsNorm<D> where D : IWidth
{
    /// <summary>Takes the weight <c>[head size]</c> of the scope's name.</summary>
    public HeadRmsNorm(Scope scope)
    {
        HeadSize = scope.Options<AttentionOptions>().HeadSize;
        Heads = scope.Width<D>() / HeadSize;
        Weight = scope.Weight("weight", Initial.Ones, HeadSize);
        Epsilon = scope.Options<RmsNormOptions>().Epsilon;
    }

    /// <summary>Heads in a row.</summary>
    public int Heads { get; }

    /// <summary>Elements of one head.</summary>
    public int HeadSize { get; }

    /// <summary>w, [head size].</summary>
    public Weight Weight { get; }

    /// <summary>Added to the mean square.</summary>
    public float Epsilon { get; }
}
