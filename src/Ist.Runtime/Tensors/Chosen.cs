namespace Ist.Runtime.Tensors;

/// <summary>One number for each expert that a router chooses for a row (<c>num_experts_per_tok</c>).</summary>
public abstract class Chosen : IWidth;
