using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Inner products: what the gradient by a factor, learned or of a layer's adapters, is the sum of.</summary>
public static unsafe partial class InnerProduct
{
    private const int Elements = 16384;

    /// <summary>The sum of (x[i] - origin) y[i], in double and in a fixed order.</summary>
    /// <param name="run">The run.</param>
    /// <param name="x">The left vector, [count].</param>
    /// <param name="origin">What the left vector is measured from.</param>
    /// <param name="y">The right vector, [count].</param>
    /// <param name="count">Elements, 8 G at most.</param>
    public static double Of(Run run, float* x, float origin, float* y, long count)
    {
        if (run.Gpu is { } gpu)
            return Of(gpu, x, origin, y, count);
        int pieces = checked((int)((count + Elements - 1) / Elements));
        var sums = (double*)run.Cpu.Workspace;
        run.Cpu.For(pieces, new PiecesJob(sums, x, origin, y, count));
        double sum = 0;
        for (int i = 0; i < pieces; i++)
            sum += sums[i];
        return sum;
    }

    /// <summary>t[row] = or += the sum of x[row, i] y[row, i] over i.</summary>
    /// <param name="run">The run.</param>
    /// <param name="into">Whether t is set or added to.</param>
    /// <param name="t">Receives the products, [rows].</param>
    /// <param name="x">The left rows, [rows, width].</param>
    /// <param name="y">The right rows, <paramref name="stride"/> elements apart.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="stride">The width, or 0 for one right row that all left ones are multiplied by.</param>
    public static void OfRows(Run run, Into into, float* t, float* x, float* y, int width, int stride)
    {
        if (run.Gpu is { } gpu)
        {
            OfRows(gpu, into, t, x, y, run.Rows, width, stride);
            return;
        }
        run.Cpu.For(RowTasks.Count(run.Rows, width), new RowsJob(into, t, x, y, run.Rows, width, stride));
    }

    /// <summary>The sum of a run's rows of one element, in their order and in double.</summary>
    public static double Sum(Run run, float* t)
    {
        if (run.Gpu is { } gpu)
            return Sum(gpu, t, run.Rows);
        double sum = 0;
        for (int row = 0; row < run.Rows; row++)
            sum += t[row];
        return sum;
    }
}
