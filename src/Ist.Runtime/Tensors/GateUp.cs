namespace Ist.Runtime.Tensors;

/// <summary>The gate of a feed-forward network and its other input side by side, as a fused projection gives them (2 x <c>intermediate_size</c>).</summary>
public abstract class GateUp : IWidth;
