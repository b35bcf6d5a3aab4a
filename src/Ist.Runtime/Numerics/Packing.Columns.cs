using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class Packing
{
    /// <summary>Some columns of B in strips of <see cref="MicroKernel.StripWidth"/>, one after the other.</summary>
    /// <param name="b">A panel of B.</param>
    /// <param name="columns">Its columns, by which strips are wide or narrow.</param>
    /// <param name="column">The first column, where a strip begins.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="k">Rows of the panel.</param>
    /// <param name="to">Receives the strips, each <c>[k][width]</c>.</param>
    public static void Strips(MatrixOperand b, int columns, int column, int end, int k, float* to)
    {
        while (column < end)
        {
            // All whole strips of one width together.
            int width = MicroKernel.StripWidth(columns - column), left = end - column, taken = left < width ? left : left / width * width;
            Columns(b.From(0, column), taken, width, k, to);
            column += taken;
            to += (long)taken * k;
        }
    }

    /// <summary>Columns of B in strips of <paramref name="width"/>, each <c>to[k][column]</c>; the last one is filled up with zeros.</summary>
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

    private static void Columns<T>(MatrixOperand b, int columns, int width, int k, float* to) where T : struct, IWidening
    {
        int whole = columns / width * width;
        if (whole < columns)
            new Span<float>(to + (long)whole * k, width * k).Clear();
        if (b.ColumnStride == 1 && columns == 64 && width is 16 or 64)
        {
            SixtyFour<T>(b, width == 16 ? 16 * k : 16, width, k, to);
            return;
        }
        for (int column = 0; column < columns; column += width)
            Strip<T>(b.From(0, column), Math.Min(width, columns - column), width, k, to + (long)column * k);
    }

    private static void Strip<T>(MatrixOperand b, int columns, int width, int k, float* to) where T : struct, IWidening
    {
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

    // 64 columns that lie row-major, so that each row is read in one piece; every sixteen are stored `apart` floats from those before.
    private static void SixtyFour<T>(MatrixOperand b, nint apart, int width, int k, float* to) where T : struct, IWidening
    {
        void* data = b.Data;
        byte* ahead = (byte*)b.From(RowsAhead, 0).Data;
        long stride = b.RowStride, bytes = stride * b.ElementSize, wide = 64L * b.ElementSize;
        for (long at = 0; k > 0; k--, at += stride, ahead += bytes, to += width)
        {
            if (Sse.IsSupported)
            {
                for (long line = 0; line < wide; line += 64)
                    Sse.Prefetch0(ahead + line);
            }
            float* strip = to;
            T.Eight(data, at).Store(strip);
            T.Eight(data, at + 8).Store(strip + 8);
            strip += apart;
            T.Eight(data, at + 16).Store(strip);
            T.Eight(data, at + 24).Store(strip + 8);
            strip += apart;
            T.Eight(data, at + 32).Store(strip);
            T.Eight(data, at + 40).Store(strip + 8);
            strip += apart;
            T.Eight(data, at + 48).Store(strip);
            T.Eight(data, at + 56).Store(strip + 8);
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
        else if (typeof(T) == typeof(WidenFiniteHalf) && Avx2.IsSupported)
            (across, along) = Words<Turning.FiniteHalfPairs>(words, stride * sizeof(ushort), columns, width, k, to);
        int whole = columns & ~7, deep = k & ~7;
        Eights<T>(data, stride, across, whole, 0, along, width, to);
        Eights<T>(data, stride, 0, whole, along, deep, width, to);
        var b = new MatrixOperand(data, DType.F32, 1, stride);
        Scattered<T>(b, whole, columns, width, 0, deep, to);
        Scattered<T>(b, 0, columns, width, deep, k, to);
    }

    private static (int Columns, int K) Words<TWords>(byte* data, long stride, int columns, int width, int k, float* to)
        where TWords : struct, Turning.IWords
    {
        int edge = Avx512F.IsSupported ? 16 : 8, depth = edge * TWords.Depth, across = columns / edge * edge, along = k / depth * depth;
        for (int c = 0; c < across; c += edge)
        {
            for (int p = 0; p < along; p += depth)
            {
                byte* from = data + c * stride + p / TWords.Depth * sizeof(float);
                if (Avx512F.IsSupported)
                    Turning.Sixteen<TWords>(from, stride, to + (long)p * width + c, width);
                else
                    Turning.Eight<TWords>(from, stride, to + (long)p * width + c, width);
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
