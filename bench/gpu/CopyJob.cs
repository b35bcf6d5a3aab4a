using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.GpuBench;

/// <summary>y = x, 16 bytes a thread: what memory gives at most.</summary>
internal readonly struct CopyJob(ArrayView<Quad> y, ArrayView<Quad> x) : IGpuJob
{
    public void Execute()
    {
        long at = (long)Grid.IdxX * Group.DimX + Group.IdxX;
        if (at < y.Length)
            y[at] = x[at];
    }
}
