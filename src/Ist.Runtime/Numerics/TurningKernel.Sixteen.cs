using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Ist.Runtime.Numerics.Turning.FiniteHalfPairs;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class TurningKernel
{
    // Negative where a half is not finite.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static short Sixteen<TWords, TRows>(float* a, nint lda, byte* b, nint stride, float* sums)
        where TWords : struct, Turning.IWords
        where TRows : struct, IRowCount
    {
        Turning.Sixteen(
            b, stride, out Vector512<float> w0, out Vector512<float> w1, out Vector512<float> w2, out Vector512<float> w3,
            out Vector512<float> w4, out Vector512<float> w5, out Vector512<float> w6, out Vector512<float> w7,
            out Vector512<float> w8, out Vector512<float> w9, out Vector512<float> w10, out Vector512<float> w11,
            out Vector512<float> w12, out Vector512<float> w13, out Vector512<float> w14, out Vector512<float> w15);
        Vector512<float> s0 = Vector512.Load(sums), s1 = default, s2 = default, s3 = default;
        if (TRows.Rows > 1)
            s1 = Vector512.Load(sums + RowKernel.Columns);
        if (TRows.Rows > 2)
            s2 = Vector512.Load(sums + 2 * RowKernel.Columns);
        if (TRows.Rows > 3)
            s3 = Vector512.Load(sums + 3 * RowKernel.Columns);
        Word<TWords, TRows>(w0, a, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w1, a + TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w2, a + 2 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w3, a + 3 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w4, a + 4 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w5, a + 5 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w6, a + 6 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w7, a + 7 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w8, a + 8 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w9, a + 9 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w10, a + 10 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w11, a + 11 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w12, a + 12 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w13, a + 13 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w14, a + 14 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        Word<TWords, TRows>(w15, a + 15 * TWords.Depth, lda, ref s0, ref s1, ref s2, ref s3);
        s0.Store(sums);
        if (TRows.Rows > 1)
            s1.Store(sums + RowKernel.Columns);
        if (TRows.Rows > 2)
            s2.Store(sums + 2 * RowKernel.Columns);
        if (TRows.Rows > 3)
            s3.Store(sums + 3 * RowKernel.Columns);
        if (typeof(TWords) != typeof(Turning.FiniteHalfPairs))
            return 0;
        Vector512<short> wrong =
            NotFinite(w0) | NotFinite(w1) | NotFinite(w2) | NotFinite(w3) | NotFinite(w4) | NotFinite(w5) | NotFinite(w6) | NotFinite(w7)
            | NotFinite(w8) | NotFinite(w9) | NotFinite(w10) | NotFinite(w11) | NotFinite(w12) | NotFinite(w13) | NotFinite(w14) | NotFinite(w15);
        return Vector512.LessThanAny(wrong, Vector512<short>.Zero) ? (short)-1 : (short)0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Word<TWords, TRows>(
        Vector512<float> words, float* a, nint lda, ref Vector512<float> s0, ref Vector512<float> s1, ref Vector512<float> s2, ref Vector512<float> s3)
        where TWords : struct, Turning.IWords
        where TRows : struct, IRowCount
    {
        Column<TRows>(TWords.Value(words, 0), a, lda, ref s0, ref s1, ref s2, ref s3);
        if (TWords.Depth == 2)
            Column<TRows>(TWords.Value(words, 1), a + 1, lda, ref s0, ref s1, ref s2, ref s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TRows>(
        Vector512<float> b, float* a, nint lda, ref Vector512<float> s0, ref Vector512<float> s1, ref Vector512<float> s2, ref Vector512<float> s3)
        where TRows : struct, IRowCount
    {
        s0 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), b, s0);
        if (TRows.Rows > 1)
            s1 = Vector512.FusedMultiplyAdd(Vector512.Create(a[lda]), b, s1);
        if (TRows.Rows > 2)
            s2 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * lda]), b, s2);
        if (TRows.Rows > 3)
            s3 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3 * lda]), b, s3);
    }
}
