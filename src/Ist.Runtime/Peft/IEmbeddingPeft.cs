using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// What a method does in the slot of a table of embeddings: it can change the rows that tokens get, and fill rows that hold no token. Its
/// slot comes first in the forward pass and last in the backward pass, so it is also where a method computes what all layers share. The
/// slot runs its host, and an empty one is the host's own call.
/// </summary>
public interface IEmbeddingPeft<TSelf> : ISlotPeft<TSelf> where TSelf : IEmbeddingPeft<TSelf>
{
    /// <summary>Makes the adapter of one slot, or an empty one where the options do not target the host.</summary>
    static virtual TSelf CreateEmbedding<V, D>(Scope scope, Embedding<V, D> host) where V : IWidth where D : IWidth => default!;

    /// <summary>Floats per row that the forward pass leaves for the backward pass.</summary>
    static virtual int SavedWidth(in TSelf self) => 0;

    /// <summary>y = the adapted rows of the table.</summary>
    static virtual void Forward<V, D>(Run run, Act<D> y, Act<Own> saved, Ids ids, in TSelf self, Embedding<V, D> host)
        where V : IWidth where D : IWidth =>
        Embedding.Forward(run, y, ids, host);

    /// <summary>Adds the adapter's gradients, and the table's where it is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the output; it is left as it is.</param>
    /// <param name="ids">The token ids.</param>
    /// <param name="saved">What the forward pass left.</param>
    /// <param name="dsaved">Scratch of the same shape.</param>
    /// <param name="self">The adapter.</param>
    /// <param name="host">The adapted table.</param>
    static virtual void BackwardWeights<V, D>(
        Run run, Act<D> dy, Ids ids, Act<Own> saved, Act<Own> dsaved, in TSelf self, Embedding<V, D> host)
        where V : IWidth where D : IWidth =>
        Embedding.BackwardWeights(run, dy, ids, host);

    /// <summary>Folds the adapter into the table.</summary>
    /// <param name="self">The adapter.</param>
    /// <param name="table">The table [ids, width], widened to F32, changed in place.</param>
    static virtual void Merge(in TSelf self, Span<float> table)
    {
    }
}
