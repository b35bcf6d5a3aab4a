using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>The slot of the token embedding: it runs the embedding, adapted by the method.</summary>
/// <typeparam name="P">The PEFT method.</typeparam>
/// <typeparam name="V">The embedding's ids.</typeparam>
/// <typeparam name="D">The embedding's rows.</typeparam>
public sealed class EmbeddingSlot<P, V, D> where P : IEmbeddingPeft<P> where V : IWidth where D : IWidth
{
    private readonly P _method;

    /// <summary>Lets the method make its adapter for the embedding.</summary>
    public EmbeddingSlot(Scope scope, Embedding<V, D> host)
    {
        _method = P.CreateEmbedding(scope, host);
        // No method targets it by its name, so it is listed only where something is in it.
        if (P.Describe(_method) is { } description)
            scope.Contents.Add(new SlotEntry(scope.Name, scope.Layer, description, null));
    }

    /// <summary>y = the adapted embedding of the ids.</summary>
    public void Forward(Run run, [Result] Act<D> y, Ids ids, Embedding<V, D> host) => P.Forward(run, y, ids, _method, host);

    /// <summary>Adds the adapter's gradients, and the embedding's where it is trained.</summary>
    public void BackwardWeights(Run run, Act<D> dy, Ids ids, Embedding<V, D> host) => P.BackwardWeights(run, dy, ids, _method, host);
}
