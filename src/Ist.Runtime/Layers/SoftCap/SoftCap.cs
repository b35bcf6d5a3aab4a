using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="SoftCap{D}"/>. With t = tanh(x / cap): y = cap t, dx = dy (1 - t^2). The tanh is made again from x, since
/// logits give their place to their own gradient.
/// </summary>
public static unsafe partial class SoftCap
{
    /// <summary>y = cap tanh(x / cap).</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D]; may be <paramref name="x"/> itself.</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="softCap">The cap.</param>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, SoftCap<D> softCap) where D : IWidth
    {
        long count = (long)run.Rows * y.Width;
        if (softCap.Cap is not { } cap)
            Residual.Set(run, y, x);
        else if (run.Gpu is { } gpu)
            Forward(gpu, y.Data, x.Data, cap, count);
        else
            run.Cpu.For(RowTasks.Count(count), new ForwardJob(y.Data, x.Data, cap, count));
    }

    /// <summary>dx = dy (1 - t^2).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, D]; may be <paramref name="dy"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="softCap">The cap.</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, SoftCap<D> softCap) where D : IWidth =>
        Backward(run, Into.Set, dx, dy, x, softCap);

    /// <summary>dx += dy (1 - t^2).</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="softCap">The cap.</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x, SoftCap<D> softCap) where D : IWidth =>
        Backward(run, Into.Add, dx, dy, x, softCap);

    private static void Backward<D>(Run run, Into into, Act<D> dx, Act<D> dy, Act<D> x, SoftCap<D> softCap) where D : IWidth
    {
        long count = (long)run.Rows * dy.Width;
        if (softCap.Cap is not { } cap)
            Residual.Put(run, into, dx, dy);
        else if (run.Gpu is { } gpu)
            Backward(gpu, into, dx.Data, dy.Data, x.Data, cap, count);
        else
            run.Cpu.For(RowTasks.Count(count), new BackwardJob(into, dx.Data, dy.Data, x.Data, cap, count));
    }
}
