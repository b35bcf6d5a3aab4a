namespace Ist.Runtime.Tensors;

/// <summary>One number for each expert of a mixture (<c>num_local_experts</c>).</summary>
public abstract class Experts : IWidth;
