using System.Runtime.Intrinsics.X86;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A product of few rows, as generation makes one for each token: its time is that of reading B, which happens once and in place. A B that
/// lies along k is turned in registers and multiplied there, or, with short vectors, piece by piece in the first cache; of one that lies
/// row-major whole rows are read, and the sums stay in the first cache. Each element is the same sum as in a product of many rows, to the bit.
/// </summary>
internal static unsafe class RowProduct
{
    /// <summary>Rows of A at most. With more, <see cref="MicroKernel"/>'s tile is full enough.</summary>
    public const int MostRows = 4;

    private const int Depth = BlockProduct.PanelDepth;

    // A turned piece of B in F32 fills half of a first cache of 32 KiB. A panel is whole pieces.
    private const int PieceDepth = 128;

    // Sums of so many columns and rows of B in their precision stay in the first cache.
    private const int PlainColumns = 1024;

    /// <summary>Whether a product is one of few rows, of an A whose rows lie along k.</summary>
    public static bool Suits(int m, MatrixOperand a, MatrixOperand b) =>
        m <= MostRows && a.ColumnStride == 1 && (b.RowStride == 1 || b.ColumnStride == 1);

    /// <summary>C = or += alpha A B.</summary>
    public static void Multiply(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        int tasks = (long)m * n * k <= MatrixProduct.AloneUpTo ? 1 : MatrixProduct.TasksPerThread * cpu.Threads;
        int columns = MatrixProduct.RoundUp((int)MatrixProduct.Blocks(n, tasks), RowKernel.Columns);
        if (b.ColumnStride == 1)
            columns = Math.Min(columns, PlainColumns);
        cpu.For((int)MatrixProduct.Blocks(n, columns), new Job(cpu.Scratches, into, alpha, c, ldc, m, n, k, a, b, columns));
    }

    private readonly struct Job(
        float** scratches, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, int columns) : IMeasuredJob
    {
        public JobWork Work => new(2.0 * m * n * k, (double)k * n * b.ElementSize + ((double)m * k + (double)m * n) * sizeof(float));

        public void Execute(int task, int worker)
        {
            int first = task * columns, count = Math.Min(columns, n - first);
            if (b.ColumnStride == 1)
                Plain(scratches[worker], into, alpha, c + first, ldc, m, count, k, a, b.From(0, first));
            else
                Turned(scratches[worker], into, alpha, c + first, ldc, m, count, k, a, b.From(0, first));
        }
    }

    private static void Turned(float* piece, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        float* sums = piece + PieceDepth * RowKernel.Columns;
        for (int column = 0; column < n; column += RowKernel.Columns)
        {
            int columns = Math.Min(RowKernel.Columns, n - column);
            Into next = into;
            for (int deep = 0; deep < k; deep += Depth, next = Into.Add)
            {
                int end = Math.Min(k, deep + Depth);
                if (!InRegisters(sums, m, columns, k, deep, end, a, b.From(0, column)))
                    InPieces(piece, sums, m, column, n, k, deep, end, a, b);
                for (int row = 0; row < m; row++)
                    MicroKernel.Put(next, alpha, sums + row * RowKernel.Columns, c + (long)row * ldc + column, columns);
            }
        }
    }

    private static bool InRegisters(float* sums, int m, int columns, int k, int deep, int end, MatrixOperand a, MatrixOperand b)
    {
        if (!TurningKernel.Suits(b.DType, columns, end - deep))
            return false;
        new Span<float>(sums, m * RowKernel.Columns).Clear();
        // The next panel is one of these columns, and at last of those that follow.
        long next = (end < k ? end : RowKernel.Columns * b.ColumnStride) - deep;
        return TurningKernel.Add(m, end - deep, a.From(0, deep), b.From(deep, 0), next * b.ElementSize, sums);
    }

    private static void InPieces(float* piece, float* sums, int m, int column, int n, int k, int deep, int end, MatrixOperand a, MatrixOperand b)
    {
        int columns = Math.Min(RowKernel.Columns, n - column);
        new Span<float>(sums, m * RowKernel.Columns).Clear();
        for (int at = deep; at < end; at += PieceDepth)
        {
            int depth = Math.Min(PieceDepth, end - at);
            if (at + depth < k)
                Ask(b.From(at + depth, column), columns, Math.Min(PieceDepth, k - at - depth));
            else if (column + columns < n)
                Ask(b.From(0, column + columns), Math.Min(RowKernel.Columns, n - column - columns), Math.Min(PieceDepth, k));
            Packing.Columns(b.From(at, column), columns, RowKernel.Columns, depth, piece);
            RowKernel.Turned(m, depth, (float*)a.From(0, at).Data, (nint)a.RowStride, piece, sums);
        }
    }

    // Memory fetches the next piece while this one is turned and multiplied: no processor foresees so many streams.
    private static void Ask(MatrixOperand b, int columns, int k)
    {
        if (!Sse.IsSupported)
            return;
        long stride = b.ColumnStride * b.ElementSize;
        int bytes = k * b.ElementSize;
        for (int column = 0; column < columns; column++)
        {
            byte* from = (byte*)b.Data + column * stride;
            for (int line = 0; line < bytes; line += 64)
                Sse.Prefetch1(from + line);
        }
    }

    private static void Plain(float* sums, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        for (int deep = 0; deep < k; deep += Depth, into = Into.Add)
        {
            MatrixOperand rows = a.From(0, deep), panel = b.From(deep, 0);
            RowKernel.Plain(m, n, Math.Min(Depth, k - deep), (float*)rows.Data, (nint)rows.RowStride, panel, sums, PlainColumns);
            for (int row = 0; row < m; row++)
                MicroKernel.Put(into, alpha, sums + row * PlainColumns, c + (long)row * ldc, n);
        }
    }
}
