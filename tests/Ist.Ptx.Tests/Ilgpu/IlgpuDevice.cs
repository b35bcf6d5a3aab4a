using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Ist.Ptx.Tests.Ilgpu;

/// <summary>A real CudaAccelerator of ILGPU on the test device.</summary>
internal sealed class IlgpuDevice : IDisposable
{
    private readonly Context _context;

    public IlgpuDevice(PtxDeviceOptions? options = null, OptimizationLevel level = OptimizationLevel.O2)
    {
        Assert.SkipWhen(PtxDevice.Missing is not null, PtxDevice.Missing ?? "");
        Device = PtxDevice.Install(options);
        _context = Context.Create(builder => builder.Cuda().EnableAlgorithms().Optimize(level));
        Accelerator = _context.CreateCudaAccelerator(0);
    }

    public PtxDevice Device { get; }

    public CudaAccelerator Accelerator { get; }

    /// <summary>Memory with these values.</summary>
    public MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(params T[] values) where T : unmanaged => Accelerator.Allocate1D(values);

    public void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
    }
}
