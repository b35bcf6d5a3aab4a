using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y[t] = table[ids[t]]; dtable[id] = the sum of dy[t] over the places where the id stands.</summary>
public static unsafe class Embedding
{
    private const int RowsPerTask = 64;
    private const int ColumnsPerTask = 32;

    /// <summary>y = the rows of the table that the ids name.</summary>
    public static void Forward<V, D>(Run run, [Result] Act<D> y, Ids ids, Embedding<V, D> table) where V : IWidth where D : IWidth =>
        run.Cpu.For((run.Rows + RowsPerTask - 1) / RowsPerTask, new ForwardJob(y.Data, ids.Data, WideWeight.Of(table.Weight), run.Rows, y.Width));

    /// <summary>dtable += the gradient by the table, where it is trained.</summary>
    public static void BackwardWeights<V, D>(Run run, Act<D> dy, Ids ids, Embedding<V, D> table) where V : IWidth where D : IWidth
    {
        if (table.Weight.Gradient is var dtable && dtable is not null)
            run.Cpu.For((dy.Width + ColumnsPerTask - 1) / ColumnsPerTask, new BackwardJob(dtable, dy.Data, ids.Data, run.Rows, dy.Width));
    }

    private readonly struct ForwardJob(float* y, int* ids, WideWeight table, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            for (int row = task * RowsPerTask; row < Math.Min(rows, (task + 1) * RowsPerTask); row++)
            {
                long from = (long)ids[row] * width, to = (long)row * width;
                for (int i = 0; i < width; i++)
                    y[to + i] = table[from + i];
            }
        }
    }

    // A task owns columns, not rows: the same id may stand in many rows, whose gradients then add up in one order.
    private readonly struct BackwardJob(float* dtable, float* dy, int* ids, int rows, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * ColumnsPerTask, end = Math.Min(width, begin + ColumnsPerTask);
            for (int row = 0; row < rows; row++)
            {
                long from = (long)row * width, to = (long)ids[row] * width;
                for (int i = begin; i < end; i++)
                    dtable[to + i] += dy[from + i];
            }
        }
    }
}
