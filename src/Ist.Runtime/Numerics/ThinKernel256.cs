using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary><see cref="ThinKernel"/> in vectors of 256 bits. As in <see cref="MicroKernel256"/>, sums stand in named locals and nothing inlines the kernels.</summary>
internal static unsafe class ThinKernel256
{
    /// <summary>6 x 16 sums: sums[row][column] = sum over k of a[k][row] b[k][column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void SixAcross(int k, float* a, nint lda, float* b, nint ldb, float* next, int asked, float* sums)
    {
        Vector256<float> s00 = Vector256<float>.Zero, s01 = Vector256<float>.Zero, s10 = Vector256<float>.Zero, s11 = Vector256<float>.Zero;
        Vector256<float> s20 = Vector256<float>.Zero, s21 = Vector256<float>.Zero, s30 = Vector256<float>.Zero, s31 = Vector256<float>.Zero;
        Vector256<float> s40 = Vector256<float>.Zero, s41 = Vector256<float>.Zero, s50 = Vector256<float>.Zero, s51 = Vector256<float>.Zero;
        for (; k > 0; k -= ThinKernel.Line)
        {
            next = ThinKernel.AskAcross(next, asked, ldb);
            int left = Math.Min(k, ThinKernel.Line);
            do
            {
                Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8);
                Vector256<float> a0 = Vector256.Create(a[0]);
                s00 = Vector256.FusedMultiplyAdd(a0, b0, s00);
                s01 = Vector256.FusedMultiplyAdd(a0, b1, s01);
                Vector256<float> a1 = Vector256.Create(a[1]);
                s10 = Vector256.FusedMultiplyAdd(a1, b0, s10);
                s11 = Vector256.FusedMultiplyAdd(a1, b1, s11);
                Vector256<float> a2 = Vector256.Create(a[2]);
                s20 = Vector256.FusedMultiplyAdd(a2, b0, s20);
                s21 = Vector256.FusedMultiplyAdd(a2, b1, s21);
                Vector256<float> a3 = Vector256.Create(a[3]);
                s30 = Vector256.FusedMultiplyAdd(a3, b0, s30);
                s31 = Vector256.FusedMultiplyAdd(a3, b1, s31);
                Vector256<float> a4 = Vector256.Create(a[4]);
                s40 = Vector256.FusedMultiplyAdd(a4, b0, s40);
                s41 = Vector256.FusedMultiplyAdd(a4, b1, s41);
                Vector256<float> a5 = Vector256.Create(a[5]);
                s50 = Vector256.FusedMultiplyAdd(a5, b0, s50);
                s51 = Vector256.FusedMultiplyAdd(a5, b1, s51);
                a += lda;
                b += ldb;
            }
            while (--left > 0);
        }
        Store(s00, s01, sums);
        Store(s10, s11, sums + ThinKernel.WideColumns);
        Store(s20, s21, sums + 2 * ThinKernel.WideColumns);
        Store(s30, s31, sums + 3 * ThinKernel.WideColumns);
        Store(s40, s41, sums + 4 * ThinKernel.WideColumns);
        Store(s50, s51, sums + 5 * ThinKernel.WideColumns);
    }

    /// <summary>4 x 16 sums: sums[row][column] = sum over k of a[k][row] b[k][column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void FourAcross(int k, float* a, nint lda, float* b, nint ldb, float* next, int asked, float* sums)
    {
        Vector256<float> s00 = Vector256<float>.Zero, s01 = Vector256<float>.Zero, s10 = Vector256<float>.Zero, s11 = Vector256<float>.Zero;
        Vector256<float> s20 = Vector256<float>.Zero, s21 = Vector256<float>.Zero, s30 = Vector256<float>.Zero, s31 = Vector256<float>.Zero;
        for (; k > 0; k -= ThinKernel.Line)
        {
            next = ThinKernel.AskAcross(next, asked, ldb);
            int left = Math.Min(k, ThinKernel.Line);
            do
            {
                Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8);
                Vector256<float> a0 = Vector256.Create(a[0]);
                s00 = Vector256.FusedMultiplyAdd(a0, b0, s00);
                s01 = Vector256.FusedMultiplyAdd(a0, b1, s01);
                Vector256<float> a1 = Vector256.Create(a[1]);
                s10 = Vector256.FusedMultiplyAdd(a1, b0, s10);
                s11 = Vector256.FusedMultiplyAdd(a1, b1, s11);
                Vector256<float> a2 = Vector256.Create(a[2]);
                s20 = Vector256.FusedMultiplyAdd(a2, b0, s20);
                s21 = Vector256.FusedMultiplyAdd(a2, b1, s21);
                Vector256<float> a3 = Vector256.Create(a[3]);
                s30 = Vector256.FusedMultiplyAdd(a3, b0, s30);
                s31 = Vector256.FusedMultiplyAdd(a3, b1, s31);
                a += lda;
                b += ldb;
            }
            while (--left > 0);
        }
        Store(s00, s01, sums);
        Store(s10, s11, sums + ThinKernel.WideColumns);
        Store(s20, s21, sums + 2 * ThinKernel.WideColumns);
        Store(s30, s31, sums + 3 * ThinKernel.WideColumns);
    }

    /// <summary>6 x 16 sums: sums[row][column] = sum over k of a[row][k] b[k][column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void SixWideDown(int k, float* a, nint lda, float* b, float* next, float* sums)
    {
        Vector256<float> s00 = Vector256<float>.Zero, s01 = Vector256<float>.Zero, s10 = Vector256<float>.Zero, s11 = Vector256<float>.Zero;
        Vector256<float> s20 = Vector256<float>.Zero, s21 = Vector256<float>.Zero, s30 = Vector256<float>.Zero, s31 = Vector256<float>.Zero;
        Vector256<float> s40 = Vector256<float>.Zero, s41 = Vector256<float>.Zero, s50 = Vector256<float>.Zero, s51 = Vector256<float>.Zero;
        nint two = 2 * lda;
        float* lower = a + 3 * lda;
        for (; k > 0; k -= ThinKernel.Line, next += ThinKernel.Line)
        {
            ThinKernel.AskDown(next, 6, lda);
            int left = Math.Min(k, ThinKernel.Line);
            do
            {
                Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8);
                Vector256<float> a0 = Vector256.Create(a[0]);
                s00 = Vector256.FusedMultiplyAdd(a0, b0, s00);
                s01 = Vector256.FusedMultiplyAdd(a0, b1, s01);
                Vector256<float> a1 = Vector256.Create(a[lda]);
                s10 = Vector256.FusedMultiplyAdd(a1, b0, s10);
                s11 = Vector256.FusedMultiplyAdd(a1, b1, s11);
                Vector256<float> a2 = Vector256.Create(a[two]);
                s20 = Vector256.FusedMultiplyAdd(a2, b0, s20);
                s21 = Vector256.FusedMultiplyAdd(a2, b1, s21);
                Vector256<float> a3 = Vector256.Create(lower[0]);
                s30 = Vector256.FusedMultiplyAdd(a3, b0, s30);
                s31 = Vector256.FusedMultiplyAdd(a3, b1, s31);
                Vector256<float> a4 = Vector256.Create(lower[lda]);
                s40 = Vector256.FusedMultiplyAdd(a4, b0, s40);
                s41 = Vector256.FusedMultiplyAdd(a4, b1, s41);
                Vector256<float> a5 = Vector256.Create(lower[two]);
                s50 = Vector256.FusedMultiplyAdd(a5, b0, s50);
                s51 = Vector256.FusedMultiplyAdd(a5, b1, s51);
                a++;
                lower++;
                b += 16;
            }
            while (--left > 0);
        }
        Store(s00, s01, sums);
        Store(s10, s11, sums + 16);
        Store(s20, s21, sums + 2 * 16);
        Store(s30, s31, sums + 3 * 16);
        Store(s40, s41, sums + 4 * 16);
        Store(s50, s51, sums + 5 * 16);
    }

    /// <summary>6 x 8 sums: sums[row][column] = sum over k of a[row][k] b[k][column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void SixNarrowDown(int k, float* a, nint lda, float* b, float* next, float* sums)
    {
        Vector256<float> s0 = Vector256<float>.Zero, s1 = Vector256<float>.Zero, s2 = Vector256<float>.Zero, s3 = Vector256<float>.Zero;
        Vector256<float> s4 = Vector256<float>.Zero, s5 = Vector256<float>.Zero;
        nint two = 2 * lda;
        float* lower = a + 3 * lda;
        for (; k > 0; k -= ThinKernel.Line, next += ThinKernel.Line)
        {
            ThinKernel.AskDown(next, 6, lda);
            int left = Math.Min(k, ThinKernel.Line);
            do
            {
                Vector256<float> columns = Vector256.Load(b);
                s0 = Vector256.FusedMultiplyAdd(Vector256.Create(a[0]), columns, s0);
                s1 = Vector256.FusedMultiplyAdd(Vector256.Create(a[lda]), columns, s1);
                s2 = Vector256.FusedMultiplyAdd(Vector256.Create(a[two]), columns, s2);
                s3 = Vector256.FusedMultiplyAdd(Vector256.Create(lower[0]), columns, s3);
                s4 = Vector256.FusedMultiplyAdd(Vector256.Create(lower[lda]), columns, s4);
                s5 = Vector256.FusedMultiplyAdd(Vector256.Create(lower[two]), columns, s5);
                a++;
                lower++;
                b += 8;
            }
            while (--left > 0);
        }
        s0.Store(sums);
        s1.Store(sums + 8);
        s2.Store(sums + 2 * 8);
        s3.Store(sums + 3 * 8);
        s4.Store(sums + 4 * 8);
        s5.Store(sums + 5 * 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> first, Vector256<float> second, float* sums)
    {
        first.Store(sums);
        second.Store(sums + 8);
    }
}
