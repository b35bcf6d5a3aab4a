using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y += x: the residual stream, and gradients that meet.</summary>
public static unsafe class Residual
{
    private const int ElementsPerTask = 16384;

    /// <summary>y += x.</summary>
    public static void Add<D>(Run run, Act<D> y, Act<D> x) where D : IWidth
    {
        long count = (long)run.Rows * y.Width;
        run.Cpu.For(checked((int)((count + ElementsPerTask - 1) / ElementsPerTask)), new Job(y.Data, x.Data, count));
    }

    private readonly struct Job(float* y, float* x, long count) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            long end = Math.Min(count, (task + 1L) * ElementsPerTask), i = (long)task * ElementsPerTask;
            for (; i <= end - Lanes.Count; i += Lanes.Count)
                (Vector512.Load(y + i) + Vector512.Load(x + i)).Store(y + i);
            for (; i < end; i++)
                y[i] += x[i];
        }
    }
}
