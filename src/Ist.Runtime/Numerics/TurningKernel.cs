using System.Runtime.Intrinsics.X86;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A few rows by columns that lie along k: columns are turned in registers and multiplied there, in the order of <see cref="RowKernel"/>,
/// while what comes next is asked for. So reading, turning, widening and multiplying overlap.
/// </summary>
internal static unsafe partial class TurningKernel
{
    // As much of each column as is asked for at once.
    private const int Line = 64;

    /// <summary>
    /// Whether columns of this precision and depth can be multiplied so: without a rest, and with vectors of 512 bits. In eight columns each
    /// sum would wait for its own last addition.
    /// </summary>
    public static bool Suits(DType dtype, int columns, int k) =>
        Avx512BW.IsSupported && columns == RowKernel.Columns && k * (dtype == DType.F32 ? 4 : 2) % Line == 0;

    /// <summary>
    /// sums[row][column] += sum over k of a[row][k] b[k][column], in order; false where the columns are F16 that are not all finite, and the
    /// sums no good.
    /// </summary>
    /// <param name="m">Rows.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">The rows.</param>
    /// <param name="b">The columns, along k.</param>
    /// <param name="next">How many bytes after a column's begin that of the next piece to be read lies.</param>
    /// <param name="sums">The sums, [m][<see cref="RowKernel.Columns"/>].</param>
    public static bool Add(int m, int k, MatrixOperand a, MatrixOperand b, long next, float* sums) => b.DType switch
    {
        DType.F32 => Add<Turning.Singles>(m, k, a, b, next, sums),
        DType.BF16 => Add<Turning.BFloat16Pairs>(m, k, a, b, next, sums),
        DType.F16 => Add<Turning.FiniteHalfPairs>(m, k, a, b, next, sums),
        _ => throw new NotSupportedException($"A product reads F32, F16 or BF16, not {b.DType}."),
    };

    private static bool Add<TWords>(int m, int k, MatrixOperand a, MatrixOperand b, long next, float* sums) where TWords : struct, Turning.IWords
    {
        float* row = (float*)a.Data;
        nint lda = (nint)a.RowStride;
        byte* column = (byte*)b.Data;
        nint stride = (nint)b.ColumnStride * b.ElementSize;
        int lines = k / TWords.Depth * sizeof(float) / Line;
        return m switch
        {
            1 => Lines<TWords, One>(lines, row, lda, column, stride, next, sums),
            2 => Lines<TWords, Two>(lines, row, lda, column, stride, next, sums),
            3 => Lines<TWords, Three>(lines, row, lda, column, stride, next, sums),
            _ => Lines<TWords, Four>(lines, row, lda, column, stride, next, sums),
        };
    }

    private static bool Lines<TWords, TRows>(int lines, float* a, nint lda, byte* b, nint stride, long next, float* sums)
        where TWords : struct, Turning.IWords
        where TRows : struct, IRowCount
    {
        short wrong = 0;
        for (; lines > 0; lines--, a += TWords.Depth * Line / sizeof(float), b += Line)
        {
            // No processor foresees so many streams.
            for (int column = 0; column < RowKernel.Columns; column++)
                Sse.Prefetch1(b + next + column * stride);
            for (int column = 0; column < RowKernel.Columns; column += 16)
                wrong |= Sixteen<TWords, TRows>(a, lda, b + column * stride, stride, sums + column);
        }
        return wrong >= 0;
    }

    private readonly struct One : IRowCount
    {
        public static int Rows => 1;
    }

    private readonly struct Two : IRowCount
    {
        public static int Rows => 2;
    }

    private readonly struct Three : IRowCount
    {
        public static int Rows => 3;
    }

    private readonly struct Four : IRowCount
    {
        public static int Rows => 4;
    }
}
