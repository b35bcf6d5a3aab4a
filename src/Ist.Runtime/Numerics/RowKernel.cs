using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>The innermost loops of <see cref="RowProduct"/>: each sum is taken over k in order from zero by fused multiply-adds, as in <see cref="MicroKernel"/>.</summary>
internal static unsafe class RowKernel
{
    /// <summary>
    /// Columns of a turned piece. More would be more streams from memory than the second cache has room for where they lie a power of two
    /// apart; with fewer each sum would wait for its own last addition.
    /// </summary>
    public const int Columns = 32;

    /// <summary>sums[row][column] += sum over k of a[row][k] b[k][column], in order.</summary>
    /// <param name="m">Rows.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">A piece of each row.</param>
    /// <param name="lda">Floats from one row to the next.</param>
    /// <param name="b">The columns, [k][<see cref="Columns"/>].</param>
    /// <param name="sums">The sums, [m][<see cref="Columns"/>].</param>
    public static void Turned(int m, int k, float* a, nint lda, float* b, float* sums)
    {
        int row = 0;
        for (; row + 1 < m; row += 2)
            Two(k, a + row * lda, a + (row + 1) * lda, b, sums + row * Columns);
        if (row < m)
            One(k, a + row * lda, b, sums + row * Columns);
    }

    /// <summary>sums[row][column] = sum over k of a[row][k] b[k][column], over columns of a B that lies row-major.</summary>
    /// <param name="m">Rows, at most <see cref="RowProduct.MostRows"/>.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">The rows.</param>
    /// <param name="lda">Floats from one row to the next.</param>
    /// <param name="b">[k, n], row-major.</param>
    /// <param name="sums">Receives the sums, [m][<paramref name="stride"/>].</param>
    /// <param name="stride">Floats from one row of sums to the next.</param>
    public static void Plain(int m, int n, int k, float* a, nint lda, MatrixOperand b, float* sums, int stride)
    {
        switch (b.DType)
        {
            case DType.F32:
                Plain<WidenSingle>(m, n, k, a, lda, b.Data, b.RowStride, sums, stride);
                break;
            case DType.BF16:
                Plain<WidenBFloat16>(m, n, k, a, lda, b.Data, b.RowStride, sums, stride);
                break;
            case DType.F16 when WidenFiniteHalf.Holds(b.Data, k, b.RowStride, n):
                Plain<WidenFiniteHalf>(m, n, k, a, lda, b.Data, b.RowStride, sums, stride);
                break;
            case DType.F16:
                Plain<WidenHalf>(m, n, k, a, lda, b.Data, b.RowStride, sums, stride);
                break;
            default:
                throw new NotSupportedException($"A product reads F32, F16 or BF16, not {b.DType}.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void One(int k, float* a, float* b, float* sums)
    {
        Vector256<float> s0 = Vector256.Load(sums), s1 = Vector256.Load(sums + 8), s2 = Vector256.Load(sums + 16), s3 = Vector256.Load(sums + 24);
        for (; k > 0; k--, a++, b += Columns)
        {
            Vector256<float> x = Vector256.Create(*a);
            s0 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b), s0);
            s1 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 8), s1);
            s2 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 16), s2);
            s3 = Vector256.FusedMultiplyAdd(x, Vector256.Load(b + 24), s3);
        }
        s0.Store(sums);
        s1.Store(sums + 8);
        s2.Store(sums + 16);
        s3.Store(sums + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Two(int k, float* a0, float* a1, float* b, float* sums)
    {
        Vector256<float> s0 = Vector256.Load(sums), s1 = Vector256.Load(sums + 8), s2 = Vector256.Load(sums + 16), s3 = Vector256.Load(sums + 24);
        Vector256<float> t0 = Vector256.Load(sums + 32), t1 = Vector256.Load(sums + 40), t2 = Vector256.Load(sums + 48), t3 = Vector256.Load(sums + 56);
        for (; k > 0; k--, a0++, a1++, b += Columns)
        {
            Vector256<float> x = Vector256.Create(*a0), y = Vector256.Create(*a1);
            Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8), b2 = Vector256.Load(b + 16), b3 = Vector256.Load(b + 24);
            s0 = Vector256.FusedMultiplyAdd(x, b0, s0);
            s1 = Vector256.FusedMultiplyAdd(x, b1, s1);
            s2 = Vector256.FusedMultiplyAdd(x, b2, s2);
            s3 = Vector256.FusedMultiplyAdd(x, b3, s3);
            t0 = Vector256.FusedMultiplyAdd(y, b0, t0);
            t1 = Vector256.FusedMultiplyAdd(y, b1, t1);
            t2 = Vector256.FusedMultiplyAdd(y, b2, t2);
            t3 = Vector256.FusedMultiplyAdd(y, b3, t3);
        }
        s0.Store(sums);
        s1.Store(sums + 8);
        s2.Store(sums + 16);
        s3.Store(sums + 24);
        t0.Store(sums + 32);
        t1.Store(sums + 40);
        t2.Store(sums + 48);
        t3.Store(sums + 56);
    }

    private static void Plain<T>(int m, int n, int k, float* a, nint lda, void* b, long ldb, float* sums, int stride) where T : struct, IWidening
    {
        for (int row = 0; row < m; row++)
            new Span<float>(sums + row * stride, n).Clear();
        int p = 0;
        for (; p <= k - 4; p += 4)
            Four<T>(m, n, a + p, lda, b, p * ldb, ldb, sums, stride);
        for (; p < k; p++)
        {
            for (int column = 0; column < n; column++)
                Scalar<T>(m, a + p, lda, b, p * ldb + column, sums + column, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Four<T>(int m, int n, float* a, nint lda, void* b, long at, long ldb, float* sums, int stride) where T : struct, IWidening
    {
        int column = 0;
        for (; column <= n - 8; column += 8)
        {
            long here = at + column;
            Vector256<float> b0 = T.Eight(b, here), b1 = T.Eight(b, here + ldb), b2 = T.Eight(b, here + 2 * ldb), b3 = T.Eight(b, here + 3 * ldb);
            float* row = a, to = sums + column;
            for (int i = 0; i < m; i++, row += lda, to += stride)
            {
                Vector256<float> sum = Vector256.FusedMultiplyAdd(Vector256.Create(row[0]), b0, Vector256.Load(to));
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(row[1]), b1, sum);
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(row[2]), b2, sum);
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(row[3]), b3, sum);
                sum.Store(to);
            }
        }
        for (; column < n; column++)
        {
            for (int p = 0; p < 4; p++)
                Scalar<T>(m, a + p, lda, b, at + p * ldb + column, sums + column, stride);
        }
    }

    private static void Scalar<T>(int m, float* a, nint lda, void* b, long at, float* sums, int stride) where T : struct, IWidening
    {
        float value = T.Scalar(b, at);
        for (int row = 0; row < m; row++)
            sums[row * stride] = MathF.FusedMultiplyAdd(a[row * lda], value, sums[row * stride]);
    }
}
