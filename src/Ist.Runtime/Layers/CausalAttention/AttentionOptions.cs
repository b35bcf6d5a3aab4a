using System.Collections.Immutable;

namespace Ist.Runtime.Layers;

/// <summary>Head counts of a model's attention, and how far back its layers see.</summary>
/// <param name="Heads">Query heads (<c>num_attention_heads</c>).</param>
/// <param name="KeyValueHeads">Key and value heads (<c>num_key_value_heads</c>); divides <paramref name="Heads"/>.</param>
/// <param name="HeadSize">Elements of a head (<c>head_dim</c>).</param>
public sealed record AttentionOptions(int Heads, int KeyValueHeads, int HeadSize)
{
    /// <summary>
    /// The window of each layer of the stack: tokens that a row sees at most, its own among them (<c>sliding_window</c>), or null
    /// where a row sees all before it. Empty where no layer has a window.
    /// </summary>
    public ImmutableArray<int?> Windows { get; init; } = [];

    /// <summary>The window of a layer, or null where it has none.</summary>
    public int? WindowOf(int layer) => Windows.IsEmpty ? null : Windows[layer];
}
