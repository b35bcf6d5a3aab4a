using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>The columns of a narrow table that token ids name: what a low-rank update of an embedding begins with.</summary>
public static unsafe partial class ColumnLookup
{
    /// <summary>y[row, k] = table[k, id[row]]. The ids are those that the embedding itself has checked.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">Receives the columns, [rows, height].</param>
    /// <param name="ids">The token ids, [rows].</param>
    /// <param name="table">The table, [height, width].</param>
    /// <param name="height">Rows of the table.</param>
    /// <param name="width">Columns of the table, as many as there are ids.</param>
    public static void Forward(Run run, float* y, Ids ids, float* table, int height, int width)
    {
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, y, gpu.Mirror(run.Batch, ids.Data), table, run.Rows, height, width);
            return;
        }
        run.Cpu.For(height, new ForwardJob(y, ids.Data, table, run.Rows, height, width));
    }

    /// <summary>dtable[k, id[row]] += dy[row, k], in the order of the rows.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dtable">The gradient by the table, [height, width].</param>
    /// <param name="dy">The gradient by the columns, [rows, height].</param>
    /// <param name="ids">The token ids, [rows].</param>
    /// <param name="height">Rows of the table.</param>
    /// <param name="width">Columns of the table.</param>
    public static void AddGradient(Run run, float* dtable, float* dy, Ids ids, int height, int width)
    {
        if (run.Gpu is { } gpu)
        {
            AddGradient(gpu, dtable, dy, gpu.Mirror(run.Batch, ids.Data), run.Rows, height, width);
            return;
        }
        run.Cpu.For(height, new GradientJob(dtable, dy, ids.Data, run.Rows, height, width));
    }
}
