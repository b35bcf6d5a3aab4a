using System.Runtime.CompilerServices;
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
                FullStrip(row, down, along, k, to);
            else
                LastStrip(row, down, along, rows - i, k, to);
        }
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
            case DType.F16:
                Columns<WidenHalf>(b, columns, width, k, to);
                break;
            default:
                throw new NotSupportedException($"A product reads F32, F16 or BF16, not {b.DType}.");
        }
    }

    private static void FullStrip(float* r0, long down, long along, int k, float* to)
    {
        float* r1 = r0 + down, r2 = r1 + down, r3 = r2 + down, r4 = r3 + down, r5 = r4 + down;
        long at = 0;
        for (int p = 0; p < k; p++, at += along, to += MicroKernel.Rows)
        {
            to[0] = r0[at];
            to[1] = r1[at];
            to[2] = r2[at];
            to[3] = r3[at];
            to[4] = r4[at];
            to[5] = r5[at];
        }
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

    // Columns that lie along k are turned in blocks of 8 x 8.
    private static void Turned<T>(void* data, long stride, int columns, int width, int k, float* to) where T : struct, IWidening
    {
        int whole = columns & ~7, deep = k & ~7;
        for (int c = 0; c < whole; c += 8)
        {
            for (int p = 0; p < deep; p += 8)
                Turn<T>(data, c * stride + p, stride, to + (long)p * width + c, width);
        }
        var b = new MatrixOperand(data, DType.F32, 1, stride);
        Scattered<T>(b, whole, columns, width, 0, deep, to);
        Scattered<T>(b, 0, columns, width, deep, k, to);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn<T>(void* data, long at, long stride, float* to, int width) where T : struct, IWidening
    {
        Vector256<float> r0 = T.Eight(data, at), r1 = T.Eight(data, at + stride);
        Vector256<float> r2 = T.Eight(data, at + 2 * stride), r3 = T.Eight(data, at + 3 * stride);
        Vector256<float> r4 = T.Eight(data, at + 4 * stride), r5 = T.Eight(data, at + 5 * stride);
        Vector256<float> r6 = T.Eight(data, at + 6 * stride), r7 = T.Eight(data, at + 7 * stride);
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xee), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xee);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xee), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xee);
        Avx.Permute2x128(b0, b4, 0x20).Store(to);
        Avx.Permute2x128(b1, b5, 0x20).Store(to + width);
        Avx.Permute2x128(b2, b6, 0x20).Store(to + 2 * width);
        Avx.Permute2x128(b3, b7, 0x20).Store(to + 3 * width);
        Avx.Permute2x128(b0, b4, 0x31).Store(to + 4 * width);
        Avx.Permute2x128(b1, b5, 0x31).Store(to + 5 * width);
        Avx.Permute2x128(b2, b6, 0x31).Store(to + 6 * width);
        Avx.Permute2x128(b3, b7, 0x31).Store(to + 7 * width);
    }
}
