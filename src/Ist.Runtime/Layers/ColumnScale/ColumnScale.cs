using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>A vector that scales the columns of all rows: what (IA)3 and DoRA scale activations with.</summary>
public static unsafe partial class ColumnScale
{
    /// <summary>y = or += (1 + strength (s - 1)) x in each row. With strength 1 that is s x, to the bit.</summary>
    /// <param name="run">The run.</param>
    /// <param name="into">Whether y is set or added to.</param>
    /// <param name="y">Receives the result, [rows, width]; with <see cref="Into.Set"/> it may be <paramref name="x"/>.</param>
    /// <param name="x">The rows, [rows, width].</param>
    /// <param name="s">The scale, [width].</param>
    /// <param name="strength">How much of the scale's difference from 1 counts.</param>
    /// <param name="width">Elements in a row.</param>
    public static void Forward(Run run, Into into, float* y, float* x, float* s, float strength, int width)
    {
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, into, y, x, s, strength, run.Rows, width);
            return;
        }
        run.Cpu.For(RowTasks.Count(run.Rows, width), new ForwardJob(into, y, x, s, strength, run.Rows, width));
    }

    /// <summary>ds = or += alpha times the sum of dy x over the rows: the gradient by the scale, where alpha is its strength.</summary>
    /// <param name="run">The run.</param>
    /// <param name="into">Whether ds is set or added to.</param>
    /// <param name="alpha">The factor.</param>
    /// <param name="ds">Receives the sums, [width].</param>
    /// <param name="dy">The gradient by the result, [rows, width].</param>
    /// <param name="x">The rows that were scaled, [rows, width].</param>
    /// <param name="width">Elements in a row.</param>
    public static void BackwardScale(Run run, Into into, float alpha, float* ds, float* dy, float* x, int width)
    {
        if (run.Gpu is { } gpu)
        {
            BackwardScale(gpu, into, alpha, ds, dy, x, run.Rows, width);
            return;
        }
        var job = new ScaleJob(into, alpha, ds, dy, x, run.Rows, width);
        run.Cpu.For(job.Tasks, job);
    }
}
