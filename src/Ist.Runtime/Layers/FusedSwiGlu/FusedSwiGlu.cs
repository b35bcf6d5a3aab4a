using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="FusedSwiGlu{G, D}"/>: those of <see cref="SwiGlu"/>, row by row. With x = (gate, up): dx = (dgate, dup).</summary>
public static unsafe partial class FusedSwiGlu
{
    /// <summary>y = silu(gate) up.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D].</param>
    /// <param name="x">The gate and what is multiplied, [rows, 2 D].</param>
    public static void Forward<G, D>(Run run, [Result] Act<D> y, Act<G> x) where G : IWidth where D : IWidth
    {
        if (run.Gpu is { } gpu)
            Forward(gpu, y.Data, x.Data, run.Rows, y.Width);
        else
            run.Cpu.For(RowTasks.Count(run.Rows, y.Width), new ForwardJob(y.Data, x.Data, run.Rows, y.Width));
    }

    /// <summary>dx = (dgate, dup).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, 2 D]; may be <paramref name="x"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, 2 D].</param>
    public static void BackwardSet<G, D>(Run run, Act<G> dx, Act<D> dy, Act<G> x) where G : IWidth where D : IWidth =>
        Backward(run, Into.Set, dx, dy, x);

    /// <summary>dx += (dgate, dup).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, 2 D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, 2 D].</param>
    public static void BackwardAdd<G, D>(Run run, Act<G> dx, Act<D> dy, Act<G> x) where G : IWidth where D : IWidth =>
        Backward(run, Into.Add, dx, dy, x);

    private static void Backward<G, D>(Run run, Into into, Act<G> dx, Act<D> dy, Act<G> x) where G : IWidth where D : IWidth
    {
        if (run.Gpu is { } gpu)
            Backward(gpu, into, dx.Data, dy.Data, x.Data, run.Rows, dy.Width);
        else
            run.Cpu.For(RowTasks.Count(run.Rows, dy.Width), new BackwardJob(into, dx.Data, dy.Data, x.Data, run.Rows, dy.Width));
    }
}
