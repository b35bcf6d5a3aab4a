namespace Ist.Runtime.Layers;

/// <summary>Head counts of a model's attention.</summary>
/// <param name="Heads">Query heads (<c>num_attention_heads</c>).</param>
/// <param name="KeyValueHeads">Key and value heads (<c>num_key_value_heads</c>); divides <paramref name="Heads"/>.</param>
/// <param name="HeadSize">Elements of a head (<c>head_dim</c>).</param>
public sealed record AttentionOptions(int Heads, int KeyValueHeads, int HeadSize);
