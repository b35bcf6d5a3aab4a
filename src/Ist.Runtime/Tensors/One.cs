namespace Ist.Runtime.Tensors;

/// <summary>One number per row.</summary>
public abstract class One : IWidth;
