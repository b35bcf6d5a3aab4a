using Ist.Runtime.Declaring;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y = the row of the table that the token id names.</summary>
/// <typeparam name="V">The ids.</typeparam>
/// <typeparam name="D">The row.</typeparam>
[OffersSlot(typeof(EmbeddingSlot<,,>))]
public sealed class Embedding<V, D> where V : IWidth where D : IWidth
{
    /// <summary>Takes the table <c>[V, D]</c> of the scope's name.</summary>
    public Embedding(Scope scope) =>
        Weight = scope.Weight("weight", Initial.Normal, scope.Width<V>(), scope.Width<D>());

    /// <summary>The table, [V, D].</summary>
    public Weight Weight { get; }
}
