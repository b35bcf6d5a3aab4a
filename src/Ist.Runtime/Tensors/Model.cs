namespace Ist.Runtime.Tensors;

/// <summary>The width of the residual stream (<c>hidden_size</c>).</summary>
public abstract class Model : IWidth;
