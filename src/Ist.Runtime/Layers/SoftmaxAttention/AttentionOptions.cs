using System.Collections.Immutable;

namespace Ist.Runtime.Layers;

/// <summary>Head counts of a model's attention, how its scores are made, and how far back its layers see.</summary>
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

    /// <summary>
    /// What products of queries and keys are multiplied by (Gemma's <c>query_pre_attn_scalar</c>^-0.5); null for 1 / sqrt(head size).
    /// </summary>
    public double? Scale { get; init; }

    /// <summary>
    /// Instead of <see cref="Scale"/>, the factor of each layer of the stack (GPT-2's <c>scale_attn_by_inverse_layer_idx</c>). Empty where
    /// all layers have the same.
    /// </summary>
    public ImmutableArray<double> Scales { get; init; } = [];

    /// <summary>Scores s become cap tanh(s / cap) (Gemma 2's <c>attn_logit_softcapping</c>); null where they stay as they are.</summary>
    public double? Softcap { get; init; }

    /// <summary>Whether scores fall with the distance of the key, head by head (<see cref="AlibiSlopes"/>).</summary>
    public bool Alibi { get; init; }

    /// <summary>The window of a layer, or null where it has none.</summary>
    public int? WindowOf(int layer) => Windows.IsEmpty ? null : Windows[layer];

    /// <summary>What a layer's products of queries and keys are multiplied by.</summary>
    public double ScaleOf(int layer) => Scales.IsEmpty ? Scale ?? 1 / Math.Sqrt(HeadSize) : Scales[layer];
}
