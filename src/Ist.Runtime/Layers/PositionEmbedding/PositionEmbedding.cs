using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="PositionEmbedding{D}"/>: y[row] = x[row] + table[position[row] + offset]; dx = dy, and
/// dtable[position[row] + offset] += dy[row], row by row.
/// </summary>
public static unsafe class PositionEmbedding
{
    /// <summary>y[row] = x[row] + table[position[row] + offset].</summary>
    /// <param name="run">The run; its batch has the positions.</param>
    /// <param name="y">Receives the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="table">The table, [table rows, D].</param>
    /// <exception cref="InputException">The table has no row for a position.</exception>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, PositionEmbedding<D> table) where D : IWidth
    {
        long last = table.Weight.Shape[0] - 1 - table.Offset;
        int* positions = run.Batch.Positions;
        for (int row = 0; row < run.Rows; row++)
        {
            if (positions[row] > last)
            {
                throw new InputException(
                    $"Token {row} of a batch has the position {positions[row]}, but {table.Weight.Name} has positions up to {last}; use shorter texts.");
            }
        }
        Embedding.Add(run, y.Data, x.Data, positions, table.Weight, table.Offset, y.Width);
    }

    /// <summary>dx = dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">Receives the gradient by the input, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy) where D : IWidth => Residual.Set(run, dx, dy);

    /// <summary>dx += dy.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dx">The gradient by the input is added to it, [rows, D].</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    public static void BackwardAdd<D>(Run run, Act<D> dx, Act<D> dy) where D : IWidth => Residual.Add(run, dx, dy);

    /// <summary>dtable[position[row] + offset] += dy[row], in the order of the rows, where the table is trained.</summary>
    /// <param name="run">The run; its batch has the positions.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="table">The table and its gradient, [table rows, D].</param>
    public static void BackwardWeights<D>(Run run, Act<D> dy, PositionEmbedding<D> table) where D : IWidth
    {
        if (table.Weight.Gradient == null)
            return;
        float* first = table.Weight.Gradient + (long)table.Offset * dy.Width;
        Embedding.AddGradient(run, first, dy.Data, run.Batch.Positions, dy.Width);
    }
}
