using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Softmax attention with grouped keys: query head h reads key head h * K / Q (Ainslie et al., arXiv 2305.13245). y = softmax(s) v over
/// the keys that the row sees, with s = c q k^T, or cap tanh(s / cap) of it, and perhaps a slope by distance added. Which keys a row sees
/// is what derived layers differ in. The matrix of probabilities is never held: the backward pass makes it again from each row's logarithm
/// of the sum of exponentials.
/// </summary>
/// <typeparam name="Q">All query heads of a row.</typeparam>
/// <typeparam name="K">All key heads of a row, and all value heads.</typeparam>
public abstract class SoftmaxAttention<Q, K> : IReserving where Q : IWidth where K : IWidth
{
    // Packed tiles of keys and queries of such a head fill a worker's scratch memory.
    private const int LargestHead = 896;

    /// <summary>Takes the model's head counts and how the layer's scores are made.</summary>
    private protected SoftmaxAttention(Scope scope, bool isCausal)
    {
        AttentionOptions options = scope.Options<AttentionOptions>();
        Heads = options.Heads;
        KeyValueHeads = options.KeyValueHeads;
        HeadSize = options.HeadSize;
        if (HeadSize > LargestHead)
            throw new InputException($"head_dim is {HeadSize}; attention is made for heads of up to {LargestHead} elements.");
        Scale = (float)options.ScaleOf(scope.Layer);
        Softcap = (float?)options.Softcap;
        Alibi = options.Alibi;
        Window = options.WindowOf(scope.Layer);
        IsCausal = isCausal;
        if (Window is not null && !isCausal)
            throw new InvalidOperationException("A window is for causal attention; AttentionOptions.Windows must be empty.");
        scope.Contents.Add(this);
    }

    /// <summary>Query heads.</summary>
    public int Heads { get; }

    /// <summary>Key heads, which are also the value heads.</summary>
    public int KeyValueHeads { get; }

    /// <summary>Elements of one head.</summary>
    public int HeadSize { get; }

    /// <summary>What products of queries and keys are multiplied by.</summary>
    public float Scale { get; }

    /// <summary>The cap of scores, or null where they have none.</summary>
    public float? Softcap { get; }

    /// <summary>Whether scores fall with the distance of the key (<see cref="AlibiSlopes"/>).</summary>
    public bool Alibi { get; }

    /// <summary>Tokens that a row sees at most, its own among them; null where there is no such limit.</summary>
    public int? Window { get; }

    /// <summary>Whether a row sees no keys after its own.</summary>
    public bool IsCausal { get; }

    /// <summary>Keys and values of the tokens generated so far; null unless the run generates.</summary>
    public KeyValueCache? Cache { get; private set; }

    /// <inheritdoc/>
    public void Reserve(Arena arena) =>
        Cache = IsCausal && arena.Purpose == Purpose.Generation ? new KeyValueCache(arena, KeyValueHeads * HeadSize) : null;
}
