namespace Ist.Ptx.Driver;

/// <summary>A context; it has nothing of its own.</summary>
internal sealed class CudaContext;
