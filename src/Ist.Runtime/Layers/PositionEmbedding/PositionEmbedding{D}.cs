using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = x + table[position + offset], with a table of learnt positions (Gehring et al., arXiv 1705.03122). A token's position is its
/// place among the real tokens of its sequence, from 0.
/// </summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class PositionEmbedding<D> where D : IWidth
{
    /// <summary>Takes the table <c>[rows, D]</c> of the scope's name.</summary>
    public PositionEmbedding(Scope scope)
    {
        PositionEmbeddingOptions options = scope.Options<PositionEmbeddingOptions>();
        Weight = scope.Weight("weight", Initial.Normal, options.Rows, scope.Width<D>());
        Offset = options.Offset;
    }

    /// <summary>The table, [rows, D].</summary>
    public Weight Weight { get; }

    /// <summary>The row of position 0.</summary>
    public int Offset { get; }
}
