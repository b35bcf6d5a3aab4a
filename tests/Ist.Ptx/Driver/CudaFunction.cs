using Ist.Ptx.Execution;

namespace Ist.Ptx.Driver;

/// <summary>A kernel of a module, with the dynamic shared memory that it may be launched with.</summary>
internal sealed class CudaFunction(PtxModule module, Kernel kernel)
{
    public const int DefaultSharedMemory = 48 << 10;

    public PtxModule Module { get; } = module;

    public Kernel Kernel { get; } = kernel;

    public int MaxDynamicSharedBytes { get; set; } = DefaultSharedMemory - kernel.StaticSharedBytes;
}
