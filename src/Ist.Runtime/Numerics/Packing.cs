using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// Lays pieces of matrices out as the micro-kernels read them, one k after the other, widened to F32 and filled up with
/// zeros.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>Rows of A, F32, in strips of <see cref="MicroKernel.Rows"/>: <c>to[i][k][row]</c>.</summary>
    public static void Rows(MatrixOperand a, int rows, int k, float* to)
    {
        long down = a.RowStride, along = a.ColumnStride;
        for (int i = 0; i < rows; i += MicroKernel.Rows, to += MicroKernel.Rows * k)
        {
            float* row = (float*)a.Data + i * down;
            if (rows - i >= MicroKernel.Rows)
                FullStrip(row, down, along, rows - i >= MicroKernel.Rows + 2, k, to);
            else
                LastStrip(row, down, along, rows - i, k, to);
        }
    }

    /// <summary>One strip of rows of A, F32.</summary>
    /// <param name="a">The rows.</param>
    /// <param name="rows">How many, at most <see cref="MicroKernel.Rows"/>.</param>
    /// <param name="spare">Whether two floats after each column of the strip can be read.</param>
    /// <param name="k">Columns of A.</param>
    /// <param name="to">Receives the strip, <c>[k][row]</c>.</param>
    public static void Strip(MatrixOperand a, int rows, bool spare, int k, float* to)
    {
        if (rows == MicroKernel.Rows)
            FullStrip((float*)a.Data, a.RowStride, a.ColumnStride, spare, k, to);
        else
            LastStrip((float*)a.Data, a.RowStride, a.ColumnStride, rows, k, to);
    }

    /// <summary>Columns of B, at most <paramref name="width"/>: <c>to[k][column]</c> with <paramref name="width"/> columns.</summary>
    public static void Columns(MatrixOperand b, int columns, int width, int k, float* to)
    {
        switch (b.DType)
        {
            case DType.F32:
                Columns<WidenSingle>(b, columns, width, k, to);
                break;
            case DType.BF16:
                Columns<WidenBFloat16>(b, columns, width, k, to);
                break;
            case DType.F16 when AreFinite(b, columns, k):
                Columns<WidenFiniteHalf>(b, columns, width, k, to);
                break;
            case DType.F16:
                Columns<WidenHalf>(b, columns, width, k, to);
                break;
            default:
                throw new NotSupportedException($"A product reads F32, F16 or BF16, not {b.DType}.");
        }
    }

    // To look first costs a fraction of what infinities and NaN cost where each half may be one.
    private static bool AreFinite(MatrixOperand b, int columns, int k) => b.RowStride == 1
        ? WidenFiniteHalf.Holds(b.Data, columns, b.ColumnStride, k)
        : b.ColumnStride == 1 && WidenFiniteHalf.Holds(b.Data, k, b.RowStride, columns);

    private static void FullStrip(float* row, long down, long along, bool moreBelow, int k, float* to)
    {
        int done = 0;
        if (along == 1 && Avx.IsSupported)
            done = AlongRows(row, down, k, to);
        else if (down == 1 && moreBelow)
            done = DownColumns(row, along, k, to);
        LastStrip(row + done * along, down, along, MicroKernel.Rows, k - done, to + MicroKernel.Rows * done);
    }

    // Eight floats are stored where six belong; the next k overwrites the two too many, so the last k is left to do singly.
    private static int AlongRows(float* row, long down, int k, float* to)
    {
        int p = 0;
        for (; p + 8 < k; p += 8)
            Turning.Six(row + p, down, to + p * MicroKernel.Rows);
        return p;
    }

    // As above, and eight floats are read where six belong: there must be two more rows.
    private static int DownColumns(float* row, long along, int k, float* to)
    {
        int p = 0;
        for (; p + 1 < k; p++)
            Vector256.Load(row + p * along).Store(to + p * MicroKernel.Rows);
        return p;
    }

    private static void LastStrip(float* row, long down, long along, int rows, int k, float* to)
    {
        for (int p = 0; p < k; p++, row += along, to += MicroKernel.Rows)
        {
            for (int r = 0; r < MicroKernel.Rows; r++)
                to[r] = r < rows ? row[r * down] : 0;
        }
    }

    private static void Columns<T>(MatrixOperand b, int columns, int width, int k, float* to) where T : struct, IWidening
    {
        if (columns < width)
            new Span<float>(to, width * k).Clear();
        if (b.ColumnStride == 1)
            Contiguous<T>(b.Data, b.RowStride, columns, width, k, to);
        else if (b.RowStride == 1 && Avx.IsSupported)
            Turned<T>(b.Data, b.ColumnStride, columns, width, k, to);
        else
            Scattered<T>(b, 0, columns, width, 0, k, to);
    }

    private static void Contiguous<T>(void* data, long stride, int columns, int width, int k, float* to) where T : struct, IWidening
    {
        for (int p = 0; p < k; p++, to += width)
        {
            long at = p * stride;
            int c = 0;
            for (; c <= columns - 8; c += 8)
                T.Eight(data, at + c).Store(to + c);
            for (; c < columns; c++)
                to[c] = T.Scalar(data, at + c);
        }
    }

    // Columns that lie along k are turned in blocks, as large ones as there are; what is left over goes element by element.
    private static void Turned<T>(void* data, long stride, int columns, int width, int k, float* to) where T : struct, IWidening
    {
        byte* words = (byte*)data;
        int across = 0, along = 0;
        if (typeof(T) == typeof(WidenSingle) && Avx512F.IsSupported)
            (across, along) = Words<Turning.Singles>(words, stride * sizeof(float), columns, width, k, to);
        else if (typeof(T) == typeof(WidenBFloat16))
            (across, along) = Words<Turning.BFloat16Pairs>(words, stride * sizeof(ushort), columns, width, k, to);
        else if (typeof(T) == typeof(WidenFiniteHalf))
            (across, along) = Words<Turning.FiniteHalfPairs>(words, stride * sizeof(ushort), columns, width, k, to);
        int whole = columns & ~7, deep = k & ~7;
        Eights<T>(data, stride, across, whole, 0, along, width, to);
        Eights<T>(data, stride, 0, whole, along, deep, width, to);
        var b = new MatrixOperand(data, DType.F32, 1, stride);
        Scattered<T>(b, whole, columns, width, 0, deep, to);
        Scattered<T>(b, 0, columns, width, deep, k, to);
    }

    private static (int Columns, int K) Words<TSink>(byte* data, long stride, int columns, int width, int k, float* to)
        where TSink : struct, Turning.ISink
    {
        int edge = Avx512F.IsSupported ? 16 : 8, depth = edge * TSink.Depth, across = columns / edge * edge, along = k / depth * depth;
        for (int c = 0; c < across; c += edge)
        {
            for (int p = 0; p < along; p += depth)
            {
                byte* from = data + c * stride + p / TSink.Depth * sizeof(float);
                if (Avx512F.IsSupported)
                    Turning.Sixteen<TSink>(from, stride, to + (long)p * width + c, width);
                else
                    Turning.Eight<TSink>(from, stride, to + (long)p * width + c, width);
            }
        }
        return (across, along);
    }

    private static void Eights<T>(void* data, long stride, int firstColumn, int columns, int firstK, int k, int width, float* to)
        where T : struct, IWidening
    {
        for (int c = firstColumn; c < columns; c += 8)
        {
            for (int p = firstK; p < k; p += 8)
                Turning.Eight<T>(data, c * stride + p, stride, to + (long)p * width + c, width);
        }
    }

    private static void Scattered<T>(MatrixOperand b, int firstColumn, int columns, int width, int firstK, int k, float* to)
        where T : struct, IWidening
    {
        for (int c = firstColumn; c < columns; c++)
        {
            for (int p = firstK; p < k; p++)
                to[(long)p * width + c] = T.Scalar(b.Data, p * b.RowStride + c * b.ColumnStride);
        }
    }
}
