using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary><see cref="ThinKernel"/> in vectors of 512 bits. As in <see cref="MicroKernel512"/>, sums stand in named locals and nothing inlines the kernels.</summary>
internal static unsafe class ThinKernel512
{
    /// <summary>8 x 32 sums: sums[row][column] = sum over k of a[k][row] b[k][column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void EightAcross(int k, float* a, nint lda, float* b, nint ldb, float* next, int asked, float* sums)
    {
        Vector512<float> s00 = Vector512<float>.Zero, s01 = Vector512<float>.Zero, s10 = Vector512<float>.Zero, s11 = Vector512<float>.Zero;
        Vector512<float> s20 = Vector512<float>.Zero, s21 = Vector512<float>.Zero, s30 = Vector512<float>.Zero, s31 = Vector512<float>.Zero;
        Vector512<float> s40 = Vector512<float>.Zero, s41 = Vector512<float>.Zero, s50 = Vector512<float>.Zero, s51 = Vector512<float>.Zero;
        Vector512<float> s60 = Vector512<float>.Zero, s61 = Vector512<float>.Zero, s70 = Vector512<float>.Zero, s71 = Vector512<float>.Zero;
        for (; k > 0; k -= ThinKernel.Line)
        {
            next = ThinKernel.AskAcross(next, asked, ldb);
            int left = Math.Min(k, ThinKernel.Line);
            do
            {
                Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16);
                Vector512<float> a0 = Vector512.Create(a[0]);
                s00 = Vector512.FusedMultiplyAdd(a0, b0, s00);
                s01 = Vector512.FusedMultiplyAdd(a0, b1, s01);
                Vector512<float> a1 = Vector512.Create(a[1]);
                s10 = Vector512.FusedMultiplyAdd(a1, b0, s10);
                s11 = Vector512.FusedMultiplyAdd(a1, b1, s11);
                Vector512<float> a2 = Vector512.Create(a[2]);
                s20 = Vector512.FusedMultiplyAdd(a2, b0, s20);
                s21 = Vector512.FusedMultiplyAdd(a2, b1, s21);
                Vector512<float> a3 = Vector512.Create(a[3]);
                s30 = Vector512.FusedMultiplyAdd(a3, b0, s30);
                s31 = Vector512.FusedMultiplyAdd(a3, b1, s31);
                Vector512<float> a4 = Vector512.Create(a[4]);
                s40 = Vector512.FusedMultiplyAdd(a4, b0, s40);
                s41 = Vector512.FusedMultiplyAdd(a4, b1, s41);
                Vector512<float> a5 = Vector512.Create(a[5]);
                s50 = Vector512.FusedMultiplyAdd(a5, b0, s50);
                s51 = Vector512.FusedMultiplyAdd(a5, b1, s51);
                Vector512<float> a6 = Vector512.Create(a[6]);
                s60 = Vector512.FusedMultiplyAdd(a6, b0, s60);
                s61 = Vector512.FusedMultiplyAdd(a6, b1, s61);
                Vector512<float> a7 = Vector512.Create(a[7]);
                s70 = Vector512.FusedMultiplyAdd(a7, b0, s70);
                s71 = Vector512.FusedMultiplyAdd(a7, b1, s71);
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
        Store(s60, s61, sums + 6 * ThinKernel.WideColumns);
        Store(s70, s71, sums + 7 * ThinKernel.WideColumns);
    }

    /// <summary>4 x 32 sums: sums[row][column] = sum over k of a[k][row] b[k][column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void FourAcross(int k, float* a, nint lda, float* b, nint ldb, float* next, int asked, float* sums)
    {
        Vector512<float> s00 = Vector512<float>.Zero, s01 = Vector512<float>.Zero, s10 = Vector512<float>.Zero, s11 = Vector512<float>.Zero;
        Vector512<float> s20 = Vector512<float>.Zero, s21 = Vector512<float>.Zero, s30 = Vector512<float>.Zero, s31 = Vector512<float>.Zero;
        for (; k > 0; k -= ThinKernel.Line)
        {
            next = ThinKernel.AskAcross(next, asked, ldb);
            int left = Math.Min(k, ThinKernel.Line);
            do
            {
                Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16);
                Vector512<float> a0 = Vector512.Create(a[0]);
                s00 = Vector512.FusedMultiplyAdd(a0, b0, s00);
                s01 = Vector512.FusedMultiplyAdd(a0, b1, s01);
                Vector512<float> a1 = Vector512.Create(a[1]);
                s10 = Vector512.FusedMultiplyAdd(a1, b0, s10);
                s11 = Vector512.FusedMultiplyAdd(a1, b1, s11);
                Vector512<float> a2 = Vector512.Create(a[2]);
                s20 = Vector512.FusedMultiplyAdd(a2, b0, s20);
                s21 = Vector512.FusedMultiplyAdd(a2, b1, s21);
                Vector512<float> a3 = Vector512.Create(a[3]);
                s30 = Vector512.FusedMultiplyAdd(a3, b0, s30);
                s31 = Vector512.FusedMultiplyAdd(a3, b1, s31);
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

    /// <summary>8 x 16 sums: sums[row][column] = sum over k of a[row][k] b[k][column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void EightDown(int k, float* a, nint lda, float* b, float* next, float* sums)
    {
        Vector512<float> s0 = Vector512<float>.Zero, s1 = Vector512<float>.Zero, s2 = Vector512<float>.Zero, s3 = Vector512<float>.Zero;
        Vector512<float> s4 = Vector512<float>.Zero, s5 = Vector512<float>.Zero, s6 = Vector512<float>.Zero, s7 = Vector512<float>.Zero;
        nint two = 2 * lda, three = 3 * lda;
        float* lower = a + 4 * lda;
        for (; k > 0; k -= ThinKernel.Line, next += ThinKernel.Line)
        {
            ThinKernel.AskDown(next, 8, lda);
            int left = Math.Min(k, ThinKernel.Line);
            do
            {
                Vector512<float> columns = Vector512.Load(b);
                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), columns, s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Create(a[lda]), columns, s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Create(a[two]), columns, s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Create(a[three]), columns, s3);
                s4 = Vector512.FusedMultiplyAdd(Vector512.Create(lower[0]), columns, s4);
                s5 = Vector512.FusedMultiplyAdd(Vector512.Create(lower[lda]), columns, s5);
                s6 = Vector512.FusedMultiplyAdd(Vector512.Create(lower[two]), columns, s6);
                s7 = Vector512.FusedMultiplyAdd(Vector512.Create(lower[three]), columns, s7);
                a++;
                lower++;
                b += 16;
            }
            while (--left > 0);
        }
        s0.Store(sums);
        s1.Store(sums + 16);
        s2.Store(sums + 2 * 16);
        s3.Store(sums + 3 * 16);
        s4.Store(sums + 4 * 16);
        s5.Store(sums + 5 * 16);
        s6.Store(sums + 6 * 16);
        s7.Store(sums + 7 * 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> first, Vector512<float> second, float* sums)
    {
        first.Store(sums);
        second.Store(sums + 16);
    }
}
