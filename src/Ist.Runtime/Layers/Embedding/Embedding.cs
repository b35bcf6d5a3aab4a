using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="Embedding{V, D}"/>: y[row] = table[id[row]]; dtable[id[row]] += dy[row], row by row.</summary>
public static unsafe partial class Embedding
{
    /// <summary>y[row] = table[id[row]].</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the rows of the table, widened to F32, [rows, D].</param>
    /// <param name="ids">The token ids, [rows].</param>
    /// <param name="table">The table, [V, D].</param>
    /// <exception cref="InputException">The table has no row for an id.</exception>
    public static void Forward<V, D>(Run run, [Result] Act<D> y, Ids ids, Embedding<V, D> table) where V : IWidth where D : IWidth
    {
        long vocabulary = table.Weight.Shape[0];
        for (int row = 0; row < run.Rows; row++)
        {
            if ((uint)ids.Data[row] >= vocabulary)
            {
                throw new InputException(
                    $"Token {row} of a batch has the id {ids.Data[row]}, but {table.Weight.Name} has {vocabulary} rows; use the tokenizer of this model.");
            }
        }
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, y.Data, gpu.Mirror(run.Batch, ids.Data), table.Weight, run.Rows, y.Width);
            return;
        }
        var job = new ForwardJob(y.Data, ids.Data, table.Weight.Data, table.Weight.DType, run.Rows, y.Width);
        run.Cpu.For(RowTasks.Count(run.Rows, y.Width), job);
    }

    /// <summary>dtable[id[row]] += dy[row], in the order of the rows, where the table is trained.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="ids">The token ids, [rows].</param>
    /// <param name="table">The table and its gradient, [V, D].</param>
    public static void BackwardWeights<V, D>(Run run, Act<D> dy, Ids ids, Embedding<V, D> table) where V : IWidth where D : IWidth
    {
        if (table.Weight.Gradient != null)
            AddGradient(run, table.Weight.Gradient, dy.Data, ids.Data, dy.Width);
    }

    /// <summary>y[row] = x[row] + table[ids[row] + offset], for rows of numbers that the table has.</summary>
    internal static void Add(Run run, float* y, float* x, int* ids, Weight table, int offset, int width)
    {
        if (run.Gpu is { } gpu)
        {
            Add(gpu, y, x, gpu.Mirror(run.Batch, ids), table, offset, run.Rows, width);
            return;
        }
        var job = new AddJob(y, x, ids, table.Data, table.DType, offset, run.Rows, width);
        run.Cpu.For(RowTasks.Count(run.Rows, width), job);
    }

    /// <summary>dtable[ids[row]] += dy[row], in the order of the rows.</summary>
    internal static void AddGradient(Run run, float* dtable, float* dy, int* ids, int width)
    {
        if (run.Gpu is { } gpu)
        {
            AddGradient(gpu, dtable, dy, gpu.Mirror(run.Batch, ids), run.Rows, width);
            return;
        }
        var job = new WeightsJob(dtable, dy, ids, run.Rows, width);
        run.Cpu.For(job.Tasks, job);
    }
}
