using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>The slot of a table of embeddings: it looks rows up, adapted by the method.</summary>
/// <typeparam name="P">The PEFT method.</typeparam>
/// <typeparam name="V">The ids.</typeparam>
/// <typeparam name="D">The rows.</typeparam>
public sealed class EmbeddingSlot<P, V, D> where P : IEmbeddingPeft<P> where V : IWidth where D : IWidth
{
    private readonly P _method;

    /// <summary>Lets the method make its adapter for the table. Most methods adapt none, so an empty slot is not listed.</summary>
    public EmbeddingSlot(Scope scope, Embedding<V, D> host)
    {
        _method = P.CreateEmbedding(scope, host);
        if (P.Describe(_method) is string description)
            scope.Contents.Add(new SlotEntry(scope.Name, scope.Layer, description, P.Merges ? () => host.Weight.Rewrite(table => P.Merge(_method, table)) : null));
    }

    /// <summary>Floats per row that the forward pass leaves for the backward pass.</summary>
    public int SavedWidth => P.SavedWidth(_method);

    /// <summary>y = the adapted rows of the table that the ids name.</summary>
    public void Forward(Run run, [Result] Act<D> y, [Saved(Width = nameof(SavedWidth))] Act<Own> saved, Ids ids, Embedding<V, D> host) =>
        P.Forward(run, y, saved, ids, _method, host);

    /// <summary>Adds the adapter's gradients, and the table's where it is trained.</summary>
    public void BackwardWeights(Run run, Act<D> dy, Ids ids, Act<Own> saved, Act<Own> dsaved, Embedding<V, D> host) =>
        P.BackwardWeights(run, dy, ids, saved, dsaved, _method, host);
}
