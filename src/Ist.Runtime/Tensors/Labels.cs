namespace Ist.Runtime.Tensors;

/// <summary>The labels of a classifier (<c>num_labels</c>).</summary>
public abstract class Labels : IWidth;
