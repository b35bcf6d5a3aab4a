using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A product with few columns, whose left factor lies row-major, as h = x A^T and dh = dy B of an adapter: the left factor is read once, where it lies, and
/// some rows ahead of its use, instead of being packed for so few columns. Each element is the same sum, to the bit.
/// </summary>
internal static unsafe class FewColumnsProduct
{
    // With more columns the left factor is worth packing.
    private const int MostColumns = MicroKernel.MostColumns;

    private const int Depth = BlockProduct.PanelDepth;

    // Each task packs B for itself, for at least so many rows.
    private const int LeastRows = 32;

    /// <summary>Whether a product is one of few columns.</summary>
    public static bool Suits(int m, int n, MatrixOperand a) => n <= MostColumns && m >= ThinKernel.MostRows && a is { DType: DType.F32, ColumnStride: 1 };

    /// <summary>C = or += alpha A B.</summary>
    public static void Multiply(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        int rows = m;
        if ((long)m * n * k > MatrixProduct.AloneUpTo && cpu.Threads > 1)
            rows = Math.Max(LeastRows, (int)MatrixProduct.Blocks(m, MatrixProduct.TasksPerThread * cpu.Threads));
        rows = MatrixProduct.RoundUp(rows, ThinKernel.DownRows(n));
        cpu.For((int)MatrixProduct.Blocks(m, rows), new Job(cpu.Scratches, into, alpha, c, ldc, m, n, k, a, b, rows));
    }

    private readonly struct Job(
        float** scratches, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, int rowsOfTask) : IMeasuredJob
    {
        public JobWork Work => new(2.0 * m * n * k, ((double)m * k + (double)m * n) * sizeof(float) + (double)k * n * b.ElementSize);

        public void Execute(int task, int worker)
        {
            int first = task * rowsOfTask, end = Math.Min(m, first + rowsOfTask);
            float* sums = scratches[worker], packed = sums + ThinKernel.MostRows * ThinKernel.MostNarrowColumns;
            Into how = into;
            for (int deep = 0; deep < k; deep += Depth, how = Into.Add)
            {
                Pack(deep, packed);
                for (int row = first; row < end; row += Rows)
                    Multiply(deep, row, end, packed, sums, how);
            }
        }

        private int Rows => ThinKernel.DownRows(n);

        private void Pack(int deep, float* packed)
        {
            int depth = Math.Min(Depth, k - deep);
            for (int column = 0, width; column < n; column += width)
            {
                width = ThinKernel.DownWidth(n, n - column);
                Packing.Columns(b.From(deep, column), Math.Min(width, n - column), width, depth, packed + column * depth);
            }
        }

        private void Multiply(int deep, int row, int end, float* packed, float* sums, Into how)
        {
            // The last tile is whole, too: rows before it are summed again, and not stored.
            int depth = Math.Min(Depth, k - deep), last = Math.Min(row + Rows, end), from = Math.Min(row, m - Rows);
            float* rows = (float*)a.From(from, deep).Data, next = last < end ? (float*)a.From(Math.Min(last, m - Rows), deep).Data : rows;
            for (int column = 0, width; column < n; column += width, next = rows)
            {
                width = ThinKernel.DownWidth(n, n - column);
                ThinKernel.Down(n, width, depth, rows, (nint)a.RowStride, packed + column * depth, next, sums);
                for (int i = row; i < last; i++)
                    MicroKernel.Put(how, alpha, sums + (i - from) * width, c + (long)i * ldc + column, Math.Min(width, n - column));
            }
        }
    }
}
