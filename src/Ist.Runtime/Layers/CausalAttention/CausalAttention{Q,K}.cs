using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Causal softmax attention with grouped keys: query head h reads key head h * K / Q (Ainslie et al., arXiv 2305.13245).
/// y = softmax(q k^T / sqrt(head size)) v over the row's own real tokens up to its position, or over the last
/// <see cref="Window"/> of them (Beltagy et al., arXiv 2004.05150). The matrix of probabilities is never held: the backward pass
/// makes it again from each row's logarithm of the sum of exponentials.
/// </summary>
/// <typeparam name="Q">All query heads of a row.</typeparam>
/// <typeparam name="K">All key heads of a row, and all value heads.</typeparam>
public sealed class CausalAttention<Q, K> : IReserving where Q : IWidth where K : IWidth
{
    /// <summary>Takes the model's head counts and the layer's window.</summary>
    public CausalAttention(Scope scope)
    {
        AttentionOptions options = scope.Options<AttentionOptions>();
        Heads = options.Heads;
        KeyValueHeads = options.KeyValueHeads;
        HeadSize = options.HeadSize;
        Window = options.WindowOf(scope.Layer);
        scope.Contents.Add(this);
    }

    /// <summary>Query heads.</summary>
    public int Heads { get; }

    /// <summary>Key heads, which are also the value heads.</summary>
    public int KeyValueHeads { get; }

    /// <summary>Elements of one head.</summary>
    public int HeadSize { get; }

    /// <summary>Tokens that a row sees at most, its own among them; null where it sees all before it.</summary>
    public int? Window { get; }

    /// <summary>Keys and values of the tokens generated so far; null unless the run generates.</summary>
    public KeyValueCache? Cache { get; private set; }

    /// <inheritdoc/>
    public void Reserve(Arena arena) =>
        Cache = arena.Purpose == Purpose.Generation ? new KeyValueCache(arena, KeyValueHeads * HeadSize) : null;
}
