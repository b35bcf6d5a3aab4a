namespace Ist.Runtime.Tensors;

/// <summary>The width of all key (or value) heads together (<c>num_key_value_heads</c> x <c>head_dim</c>).</summary>
public abstract class KeyValue : IWidth;
