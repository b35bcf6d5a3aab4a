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
    public static void Add<D>(Run run, Act<D> y, Act<D> x) where D : IWidth => Put(run, Into.Add, y, x);

    /// <summary>y = x.</summary>
    internal static void Set<D>(Run run, Act<D> y, Act<D> x) where D : IWidth => Put(run, Into.Set, y, x);

    /// <summary>y = or += x.</summary>
    internal static void Put<D>(Run run, Into into, Act<D> y, Act<D> x) where D : IWidth
    {
        long count = (long)run.Rows * y.Width;
        if (run.Gpu is { } gpu)
            Put(gpu, into, y.Data, x.Data, count);
        else if (into == Into.Add)
            run.Cpu.For(RowTasks.Count(count), new AddJob(y.Data, x.Data, count));
        else
            run.Cpu.For(RowTasks.Count(count), new SetJob(y.Data, x.Data, count));
    }
}
