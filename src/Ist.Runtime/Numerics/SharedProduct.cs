using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A large product: all threads pack a panel of A and of B into the device's workspace, then all read it, block by block of
/// C. Nothing is packed twice, and the threads share what lies in the last-level cache. A B that stays the same, such as a frozen weight,
/// can be packed once for all products (<see cref="PackRight"/>).
/// </summary>
internal static unsafe class SharedProduct
{
    private const int Depth = BlockProduct.PanelDepth;

    // The two panels fill the workspace: 256 x (1536 + 2048) floats are 3.5 MiB.
    private const int MostRows = 1536;
    private const int MostColumns = 2048;

    // The last strips of a matrix are this wide at most, so its columns are filled up to a multiple.
    private const int MostNarrow = 16;

    // A block of C is as large as lets a block of A stay in the second cache, and as small as keeps all threads at work.
    private const int BlockRows = BlockProduct.BlockRows;
    private const int BlockColumns = 4 * MicroKernel.MostColumns;

    // A product with more multiplications than this is cut into panels that all threads pack and read together.
    private const long From = 1L << 24;

    /// <summary>Whether a product of this shape is worth it.</summary>
    public static bool Suits(int m, int n, int k) => (long)m * n * k >= From && m > BlockRows && n > MicroKernel.MostColumns;

    /// <summary>Floats of B [k, n], packed.</summary>
    public static long PanelFloats(int k, int n) => (long)k * MatrixProduct.RoundUp(n, MostNarrow);

    /// <summary>Packs B once, for products of any number of rows.</summary>
    /// <param name="cpu">The threads.</param>
    /// <param name="b">[k, n].</param>
    /// <param name="k">Its rows.</param>
    /// <param name="n">Its columns.</param>
    /// <param name="panels">Room for <see cref="PanelFloats"/> floats.</param>
    public static void PackRight(CpuDevice cpu, MatrixOperand b, int k, int n, float* panels)
    {
        for (int column = 0; column < n; column += MostColumns)
        {
            for (int deep = 0; deep < k; deep += Depth)
            {
                int columns = Math.Min(MostColumns, n - column), depth = Math.Min(Depth, k - deep);
                var pack = new Pack(null, Panel(panels, k, columns, column, deep), default, b.From(deep, column), 0, columns, depth);
                cpu.For(pack.TasksOfB, pack);
            }
        }
    }

    /// <summary>C = or += alpha A B.</summary>
    public static void Multiply(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        float* packedA = cpu.Workspace;
        for (int column = 0; column < n; column += MostColumns)
        {
            int columns = Math.Min(MostColumns, n - column);
            Into first = into;
            for (int deep = 0; deep < k; deep += Depth, first = Into.Add)
            {
                int depth = Math.Min(Depth, k - deep);
                float* packedB = b.Panels == null ? packedA + Depth * MostRows : Panel(b.Panels, k, columns, column, deep);
                for (int row = 0; row < m; row += MostRows)
                {
                    int rows = Math.Min(MostRows, m - row);
                    var pack = new Pack(packedA, packedB, a.From(row, deep), b.From(deep, column), rows, columns, depth);
                    // B's panel stays packed for the blocks of rows below.
                    cpu.For(row == 0 && b.Panels == null ? pack.TasksOfA + pack.TasksOfB : pack.TasksOfA, pack);
                    var multiply = new MultiplyPacked(packedA, packedB, first, alpha, c + (long)row * ldc + column, ldc, rows, columns, depth);
                    cpu.For(multiply.Tasks, multiply);
                }
            }
        }
    }

    // Panels of the same columns follow one another.
    private static float* Panel(float* panels, int k, int columns, int column, int deep) =>
        panels + (long)k * column + (long)deep * MatrixProduct.RoundUp(columns, MostNarrow);

    private readonly struct Pack(float* packedA, float* packedB, MatrixOperand a, MatrixOperand b, int rows, int columns, int depth) : IMeasuredJob
    {
        private const int RowsOfTask = 8 * MicroKernel.Rows;

        public JobWork Work => new(0, (double)rows * depth * 2 * sizeof(float) + (double)columns * depth * (b.ElementSize + sizeof(float)));

        public int TasksOfA => (int)MatrixProduct.Blocks(rows, RowsOfTask);

        public int TasksOfB => (int)MatrixProduct.Blocks(columns, MicroKernel.MostColumns);

        public void Execute(int task, int worker)
        {
            if (task < TasksOfA)
            {
                int row = task * RowsOfTask;
                Packing.Rows(a.From(row, 0), Math.Min(RowsOfTask, rows - row), depth, packedA + (long)row * depth);
                return;
            }
            int column = (task - TasksOfA) * MicroKernel.MostColumns;
            int end = Math.Min(columns, column + MicroKernel.MostColumns);
            while (column < end)
            {
                int width = MicroKernel.StripWidth(columns - column);
                Packing.Columns(b.From(0, column), Math.Min(width, columns - column), width, depth, packedB + (long)column * depth);
                column += width;
            }
        }
    }

    private readonly struct MultiplyPacked(
        float* packedA, float* packedB, Into into, float alpha, float* c, int ldc, int rows, int columns, int depth) : IMeasuredJob
    {
        public JobWork Work => new(2.0 * rows * columns * depth, ((double)rows * depth + (double)columns * depth + (double)rows * columns) * sizeof(float));

        public int Tasks => (int)(MatrixProduct.Blocks(rows, BlockRows) * MatrixProduct.Blocks(columns, BlockColumns));

        public void Execute(int task, int worker)
        {
            int across = (int)MatrixProduct.Blocks(columns, BlockColumns);
            int firstRow = task / across * BlockRows, lastRow = Math.Min(rows, firstRow + BlockRows);
            int column = task % across * BlockColumns, end = Math.Min(columns, column + BlockColumns);
            while (column < end)
            {
                int width = MicroKernel.StripWidth(columns - column), used = Math.Min(width, columns - column);
                for (int row = firstRow; row < lastRow; row += MicroKernel.Rows)
                {
                    MicroKernel.Tile(
                        depth, packedA + (long)row * depth, packedB + (long)column * depth, width, width, into, alpha,
                        c + (long)row * ldc + column, ldc, Math.Min(MicroKernel.Rows, lastRow - row), used);
                }
                column += width;
            }
        }
    }
}
