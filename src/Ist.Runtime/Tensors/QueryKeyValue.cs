namespace Ist.Runtime.Tensors;

/// <summary>The width of all query, key and value heads together, as a fused projection gives them.</summary>
public abstract class QueryKeyValue : IWidth;
