namespace Ist.Runtime.Tensors;

/// <summary>The width of all query heads together (<c>num_attention_heads</c> x <c>head_dim</c>).</summary>
public abstract class Query : IWidth;
