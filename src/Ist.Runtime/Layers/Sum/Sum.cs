using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="Sum{D}"/>: y = a + b; da = dy, db = dy.</summary>
public static unsafe partial class Sum
{
    /// <summary>y = a + b.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D]; may be an input.</param>
    /// <param name="a">The first term, [rows, D].</param>
    /// <param name="b">The second, [rows, D].</param>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> a, Act<D> b) where D : IWidth
    {
        long count = (long)run.Rows * y.Width;
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, y.Data, a.Data, b.Data, count);
            return;
        }
        run.Cpu.For(RowTasks.Count(count), new ForwardJob(y.Data, a.Data, b.Data, count));
    }

    /// <summary>da = dy, db = dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="da">Receives the gradient by the first term, [rows, D].</param>
    /// <param name="db">Receives the gradient by the second, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    public static void BackwardSet<D>(Run run, Act<D> da, Act<D> db, Act<D> dy) where D : IWidth
    {
        Residual.Set(run, da, dy);
        Residual.Set(run, db, dy);
    }

    /// <summary>da += dy, db += dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="da">The gradient by the first term is added to it, [rows, D].</param>
    /// <param name="db">The gradient by the second is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    public static void BackwardAdd<D>(Run run, Act<D> da, Act<D> db, Act<D> dy) where D : IWidth
    {
        Residual.Add(run, da, dy);
        Residual.Add(run, db, dy);
    }
}
