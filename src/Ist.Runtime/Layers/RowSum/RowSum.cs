using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

/// <summary>A vector that is added to all rows, and its gradient, a sum over rows: what biases are made of.</summary>
public static unsafe partial class RowSum
{
    /// <summary>y += alpha b in each row.</summary>
    /// <param name="run">The run.</param>
    /// <param name="alpha">The factor.</param>
    /// <param name="y">The rows, [rows, width].</param>
    /// <param name="b">The vector, [width].</param>
    /// <param name="width">Elements in a row.</param>
    public static void Add(Run run, float alpha, float* y, float* b, int width)
    {
        if (run.Gpu is { } gpu)
        {
            Add(gpu, alpha, y, b, run.Rows, width);
            return;
        }
        run.Cpu.For(RowTasks.Count(run.Rows, width), new AddJob(alpha, y, b, run.Rows, width));
    }

    /// <summary>db += alpha times the sum of dy over the rows.</summary>
    /// <param name="run">The run.</param>
    /// <param name="alpha">The factor.</param>
    /// <param name="db">The gradient by the vector, [width].</param>
    /// <param name="dy">The gradient by the rows, [rows, width].</param>
    /// <param name="width">Elements in a row.</param>
    public static void AddGradient(Run run, float alpha, float* db, float* dy, int width)
    {
        if (run.Gpu is { } gpu)
        {
            AddGradient(gpu, alpha, db, dy, run.Rows, width);
            return;
        }
        var job = new GradientJob(alpha, db, dy, run.Rows, width);
        run.Cpu.For(job.Tasks, job);
    }
}
