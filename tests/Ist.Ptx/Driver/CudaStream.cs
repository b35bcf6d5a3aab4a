namespace Ist.Ptx.Driver;

/// <summary>A stream; what is put into it is done at once.</summary>
internal sealed class CudaStream;
