using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="EmbeddingScale{D}"/>: y = sqrt(D) x, dx = sqrt(D) dy.</summary>
public static unsafe partial class EmbeddingScale
{
    /// <summary>y = sqrt(D) x.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the result, [rows, D]; may be <paramref name="x"/> itself.</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="scale">The factor.</param>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, EmbeddingScale<D> scale) where D : IWidth =>
        Scale(run, Into.Set, y, x, scale);

    /// <summary>dx = sqrt(D) dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, D]; may be <paramref name="dy"/> itself.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="scale">The factor.</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, EmbeddingScale<D> scale) where D : IWidth =>
        Scale(run, Into.Set, dx, dy, scale);

    /// <summary>dx += sqrt(D) dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="scale">The factor.</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy, EmbeddingScale<D> scale) where D : IWidth =>
        Scale(run, Into.Add, dx, dy, scale);

    private static void Scale<D>(Run run, Into into, Act<D> to, Act<D> from, EmbeddingScale<D> scale) where D : IWidth
    {
        long count = (long)run.Rows * to.Width;
        if (run.Gpu is { } gpu)
        {
            Scale(gpu, into, to.Data, from.Data, scale.Factor, count);
            return;
        }
        run.Cpu.For(RowTasks.Count(count), new ScaleJob(into, to.Data, from.Data, scale.Factor, count));
    }
}
