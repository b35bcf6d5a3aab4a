using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A product with few rows, whose left factor is stored turned and whose right factor row-major, as the gradient dh^T x of an adapter's A; or with
/// few columns, as dy^T h of its B, which is the same with C turned. The wide factor is read once, where it lies, and a panel ahead of its use: to
/// pack it, or to wait for memory, would take as long as to multiply it by so few rows. Each element is the same sum, to the bit.
/// </summary>
internal static unsafe class FewRowsProduct
{
    // More rows are worth packing the wide factor for.
    private const int MostRows = BlockProduct.BlockRows;

    private const int Depth = BlockProduct.PanelDepth;

    private const int StripSums = MostRows * ThinKernel.WideColumns;

    // A task of fewer multiplications is not worth one, where there is more than a strip.
    private const long LeastWork = 1L << 17;

    /// <summary>Whether a product is one of few rows, or of few columns.</summary>
    public static bool Suits(int m, int n, MatrixOperand a, MatrixOperand b) =>
        Math.Min(m, n) <= MostRows && Math.Max(m, n) >= ThinKernel.WideColumns
        && a is { DType: DType.F32, RowStride: 1 } && b is { DType: DType.F32, ColumnStride: 1 };

    /// <summary>C = or += alpha A B.</summary>
    public static void Multiply(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        if (m <= n)
            Multiply(cpu, into, alpha, new MatrixOperand(c, DType.F32, ldc, 1), m, n, k, a.Turned, b);
        else
            Multiply(cpu, into, alpha, new MatrixOperand(c, DType.F32, 1, ldc), n, m, k, b, a.Turned);
    }

    // C [m, n] = or += alpha A^T B with few rows m, where A [k, m] and B [k, n] lie row-major, and C either way.
    private static void Multiply(CpuDevice cpu, Into into, float alpha, MatrixOperand c, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        long strip = (long)m * k * ThinKernel.WideColumns;
        int columns = (int)Math.Max(MatrixProduct.Blocks(n, MatrixProduct.TasksPerThread * cpu.Threads), LeastWork / strip * ThinKernel.WideColumns);
        columns = MatrixProduct.RoundUp(columns, ThinKernel.WideColumns);
        cpu.For((int)MatrixProduct.Blocks(n, columns), new Job(cpu.Scratches, into, alpha, c, m, n, k, a, b, columns));
    }

    private readonly struct Job(
        float** scratches, Into into, float alpha, MatrixOperand c, int m, int n, int k, MatrixOperand a, MatrixOperand b, int columns) : IMeasuredJob
    {
        private static int Width => ThinKernel.WideColumns;

        public JobWork Work => new(2.0 * m * n * k, ((double)m * k + (double)k * n + (double)m * n) * sizeof(float));

        public void Execute(int task, int worker)
        {
            int first = task * columns, end = Math.Min(n, first + columns);
            float* sums = scratches[worker];
            Into how = into;
            for (int deep = 0; deep < k; deep += Depth, how = Into.Add)
            {
                int depth = Math.Min(Depth, k - deep);
                MatrixOperand rows = WholeTiles(a.From(deep, 0), depth, sums + 2 * StripSums);
                for (int column = first; column < end; column += Width)
                {
                    Sum(rows, (float*)b.From(deep, Start(column)).Data, Next(deep, depth, column, first, end), depth, sums);
                    Put(sums + (column - Start(column)), sums + StripSums, how, column, Math.Min(Width, n - column));
                }
            }
        }

        // Rows of A^T, filled up to whole tiles.
        private int Rows => MatrixProduct.RoundUp(m, ThinKernel.FewRows);

        private MatrixOperand WholeTiles(MatrixOperand panel, int depth, float* filledUp)
        {
            if (m == Rows)
                return panel;
            Packing.Columns(panel, m, Rows, depth, filledUp);
            return MatrixOperand.Plain(filledUp, Rows);
        }

        // The last strip begins earlier, so that it is whole; only what is new of it is stored.
        private int Start(int column) => Math.Min(column, n - Width);

        // What is read after a strip: the one beside it, also where that is another task's, or the panel below; as deep as the strip, so that
        // nothing beyond the matrix is asked for.
        private float* Next(int deep, int depth, int column, int first, int end)
        {
            bool isLast = column + Width >= end;
            MatrixOperand next = isLast && deep + Depth < k ? b.From(Math.Min(deep + Depth, k - depth), Start(first)) : b.From(isLast ? 0 : deep, Start(column + Width));
            return (float*)next.Data;
        }

        // A panel's sums of a strip, [Rows][Width]. Each tile asks for its share of what is next, so that memory is busy all the time.
        private void Sum(MatrixOperand rows, float* strip, float* next, int depth, float* sums)
        {
            float* from = (float*)rows.Data;
            nint lda = (nint)rows.RowStride, ldb = (nint)b.RowStride;
            int tiles = TilesOf(Rows), asked = (ThinKernel.Line + tiles - 1) / tiles, share = asked * (int)MatrixProduct.Blocks(depth, ThinKernel.Line);
            for (int row = 0, tile = 0, count; row < m; row += count, tile++)
            {
                count = RowsOfTile(Rows - row);
                int first = Math.Max(0, Math.Min(tile * share, depth - share));
                ThinKernel.Across(count, depth, from + row, lda, strip, ldb, next + first * ldb, asked, sums + row * Width);
            }
        }

        private static int RowsOfTile(int left) => left % ThinKernel.ManyRows == 0 ? ThinKernel.ManyRows : ThinKernel.FewRows;

        private static int TilesOf(int rows)
        {
            int tiles = 0;
            for (; rows > 0; tiles++)
                rows -= RowsOfTile(rows);
            return tiles;
        }

        private void Put(float* sums, float* turned, Into how, int column, int columns)
        {
            float* to = (float*)c.From(0, column).Data;
            if (c.ColumnStride == 1)
            {
                for (int row = 0; row < m; row++)
                    MicroKernel.Put(how, alpha, sums + row * Width, to + row * c.RowStride, columns);
                return;
            }
            int width = MatrixProduct.RoundUp(m, 8);
            Packing.Columns(new MatrixOperand(sums, DType.F32, 1, Width), m, width, columns, turned);
            for (int i = 0; i < columns; i++)
                MicroKernel.Put(how, alpha, turned + i * width, to + i * c.ColumnStride, m);
        }
    }
}
