using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// What a method does in the slot of the token embedding, which it runs: it can fill rows that hold no token, and it is where a method
/// computes what all layers share, since it comes first in the forward pass and last in the backward pass. An empty slot is the host's
/// own call.
/// </summary>
public interface IEmbeddingPeft<TSelf> : ISlotPeft<TSelf> where TSelf : IEmbeddingPeft<TSelf>
{
    /// <summary>Makes the adapter of the slot, or an empty one.</summary>
    static virtual TSelf CreateEmbedding<V, D>(Scope scope, Embedding<V, D> host) where V : IWidth where D : IWidth => default!;

    /// <summary>y = the adapted host of the ids.</summary>
    static virtual void Forward<V, D>(Run run, Act<D> y, Ids ids, in TSelf self, Embedding<V, D> host) where V : IWidth where D : IWidth =>
        Embedding.Forward(run, y, ids, host);

    /// <summary>Adds the adapter's gradients, and the host's where it is trained.</summary>
    static virtual void BackwardWeights<V, D>(Run run, Act<D> dy, Ids ids, in TSelf self, Embedding<V, D> host) where V : IWidth where D : IWidth =>
        Embedding.BackwardWeights(run, dy, ids, host);
}
