using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>The residual stream's addition.</summary>
public static unsafe partial class Residual
{
    /// <summary>y += x.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Is added to, [rows, D].</param>
    /// <param name="x">What is added, [rows, D].</param>
    public static void Add<D>(Run run, Act<D> y, Act<D> x) where D : IWidth
    {
        long count = (long)run.Rows * y.Width;
        if (run.Gpu is { } gpu)
        {
            Put(gpu, Into.Add, y.Data, x.Data, count);
            return;
        }
        run.Cpu.For(RowTasks.Count(count), new AddJob(y.Data, x.Data, count));
    }

    /// <summary>y = x.</summary>
    internal static void Set<D>(Run run, Act<D> y, Act<D> x) where D : IWidth
    {
        long count = (long)run.Rows * y.Width;
        if (run.Gpu is { } gpu)
        {
            Put(gpu, Into.Set, y.Data, x.Data, count);
            return;
        }
        run.Cpu.For(RowTasks.Count(count), new SetJob(y.Data, x.Data, count));
    }
}
