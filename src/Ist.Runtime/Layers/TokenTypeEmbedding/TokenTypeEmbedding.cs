using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="TokenTypeEmbedding{D}"/>: y[row] = x[row] + table[type[row]]; dx = dy, and dtable[type[row]] += dy[row], row by row.</summary>
public static unsafe class TokenTypeEmbedding
{
    /// <summary>y[row] = x[row] + table[type[row]].</summary>
    /// <param name="run">The run; its batch has the types.</param>
    /// <param name="y">Receives the result, [rows, D].</param>
    /// <param name="x">The input, [rows, D].</param>
    /// <param name="table">The table, [types, D].</param>
    /// <exception cref="InputException">The table has no row for a type.</exception>
    public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, TokenTypeEmbedding<D> table) where D : IWidth
    {
        int* types = run.Batch.TokenTypes;
        long known = table.Weight.Shape[0];
        for (int row = 0; row < run.Rows; row++)
        {
            if ((uint)types[row] >= known)
                throw new InputException($"Token {row} of a batch has the type {types[row]}, but {table.Weight.Name} has {known} rows; give token types below that.");
        }
        Embedding.Add(run, y.Data, x.Data, types, table.Weight, offset: 0, y.Width);
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

    /// <summary>dtable[type[row]] += dy[row], in the order of the rows, where the table is trained.</summary>
    /// <param name="run">The run; its batch has the types.</param>
    /// <param name="dy">The gradient by the result, [rows, D].</param>
    /// <param name="table">The table and its gradient, [types, D].</param>
    public static void BackwardWeights<D>(Run run, Act<D> dy, TokenTypeEmbedding<D> table) where D : IWidth
    {
        if (table.Weight.Gradient != null)
            Embedding.AddGradient(run, table.Weight.Gradient, dy.Data, run.Batch.TokenTypes, dy.Width);
    }
}
