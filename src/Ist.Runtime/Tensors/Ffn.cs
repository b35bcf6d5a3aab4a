namespace Ist.Runtime.Tensors;

/// <summary>The inner width of the feed-forward network (<c>intermediate_size</c>).</summary>
public abstract class Ffn : IWidth;
