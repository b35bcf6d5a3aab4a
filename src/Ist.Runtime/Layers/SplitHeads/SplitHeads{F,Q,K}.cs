using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Queries, keys and values of a fused projection whose row is, head by head, the head's query, its key and its value, [heads, 3,
/// head size] (<c>query_key_value</c> of BLOOM and GPT-NeoX).
/// </summary>
/// <typeparam name="F">The fused row.</typeparam>
/// <typeparam name="Q">All query heads of a row.</typeparam>
/// <typeparam name="K">All key heads of a row, and all value heads; as many.</typeparam>
public sealed class SplitHeads<F, Q, K> where F : IWidth where Q : IWidth where K : IWidth
{
    /// <summary>Takes the model's head count.</summary>
    public SplitHeads(Scope scope) => Heads = scope.Options<AttentionOptions>().Heads;

    /// <summary>Heads of each kind.</summary>
    public int Heads { get; }
}
