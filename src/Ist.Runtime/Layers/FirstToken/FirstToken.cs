using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="FirstToken{D}"/>: y[sequence] = x[its first real token].</summary>
public static unsafe partial class FirstToken
{
    /// <summary>y[sequence] = x[its first real token].</summary>
    /// <param name="run">The run; its batch has the places of the first tokens.</param>
    /// <param name="y">Receives the result, [sequences, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    public static void Forward<D>(Run run, [Result, PerSequence] Act<D> y, Act<D> x) where D : IWidth
    {
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, y.Data, x.Data, gpu.Mirror(run.Batch, run.Batch.Start), run.Batch.Time, run.Batch.Sequences, x.Width);
            return;
        }
        var job = new ForwardJob(y.Data, x.Data, run.Batch.Start, run.Batch.Time, run.Batch.Sequences, x.Width);
        run.Cpu.For(RowTasks.Count(run.Batch.Sequences, x.Width), job);
    }

    /// <summary>dx = dy in the rows of first tokens, and 0 elsewhere.</summary>
    /// <param name="run">The run; its batch has the places of the first tokens.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [sequences, D].</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy) where D : IWidth
    {
        if (run.Gpu is { } gpu)
        {
            Backward(gpu, dx.Data, dy.Data, gpu.Mirror(run.Batch, run.Batch.Start), run.Batch.Time, run.Batch.Sequences, dx.Width);
            return;
        }
        var job = new BackwardJob(dx.Data, dy.Data, run.Batch.Start, run.Batch.Time, run.Rows, dx.Width);
        run.Cpu.For(RowTasks.Count(run.Rows, dx.Width), job);
    }
}
