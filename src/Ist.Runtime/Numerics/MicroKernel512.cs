using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// <see cref="MicroKernel"/> in vectors of 512 bits: 24 sums, 4 columns of B and a broadcast element of A fill 29 of 32 registers.
/// The sums stand in named locals because only those stay in registers, and nothing inlines the kernels: among a caller's variables the
/// sums would not fit.
/// </summary>
internal static unsafe class MicroKernel512
{
    /// <summary>Tiles of 6 x 64 elements of C, one under the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Wide(int tiles, int k, float* a, float* b, nint ldb, Into into, float alpha, float* c, nint ldc, NextColumns next)
    {
        for (; tiles > 0; tiles--)
        {
            Vector512<float> c00 = Vector512<float>.Zero, c01 = Vector512<float>.Zero, c02 = Vector512<float>.Zero, c03 = Vector512<float>.Zero;
            Vector512<float> c10 = Vector512<float>.Zero, c11 = Vector512<float>.Zero, c12 = Vector512<float>.Zero, c13 = Vector512<float>.Zero;
            Vector512<float> c20 = Vector512<float>.Zero, c21 = Vector512<float>.Zero, c22 = Vector512<float>.Zero, c23 = Vector512<float>.Zero;
            Vector512<float> c30 = Vector512<float>.Zero, c31 = Vector512<float>.Zero, c32 = Vector512<float>.Zero, c33 = Vector512<float>.Zero;
            Vector512<float> c40 = Vector512<float>.Zero, c41 = Vector512<float>.Zero, c42 = Vector512<float>.Zero, c43 = Vector512<float>.Zero;
            Vector512<float> c50 = Vector512<float>.Zero, c51 = Vector512<float>.Zero, c52 = Vector512<float>.Zero, c53 = Vector512<float>.Zero;
            float* row = b;
            int steps = k - k / 2;
            for (int half = 0; half < 2; half++, steps = k / 2)
            {
                // Where the multiply-adds that wait are enough to pass the time.
                if (half == 1)
                {
                    Ask(c, ldc);
                    next.Pack();
                }
                for (; steps > 0; steps--, a += MicroKernel.Rows, row += ldb)
                {
                    Vector512<float> b0 = Vector512.Load(row), b1 = Vector512.Load(row + 16), b2 = Vector512.Load(row + 32), b3 = Vector512.Load(row + 48);
                    Vector512<float> a0 = Vector512.Create(a[0]);
                    c00 = Vector512.FusedMultiplyAdd(a0, b0, c00);
                    c01 = Vector512.FusedMultiplyAdd(a0, b1, c01);
                    c02 = Vector512.FusedMultiplyAdd(a0, b2, c02);
                    c03 = Vector512.FusedMultiplyAdd(a0, b3, c03);
                    Vector512<float> a1 = Vector512.Create(a[1]);
                    c10 = Vector512.FusedMultiplyAdd(a1, b0, c10);
                    c11 = Vector512.FusedMultiplyAdd(a1, b1, c11);
                    c12 = Vector512.FusedMultiplyAdd(a1, b2, c12);
                    c13 = Vector512.FusedMultiplyAdd(a1, b3, c13);
                    Vector512<float> a2 = Vector512.Create(a[2]);
                    c20 = Vector512.FusedMultiplyAdd(a2, b0, c20);
                    c21 = Vector512.FusedMultiplyAdd(a2, b1, c21);
                    c22 = Vector512.FusedMultiplyAdd(a2, b2, c22);
                    c23 = Vector512.FusedMultiplyAdd(a2, b3, c23);
                    Vector512<float> a3 = Vector512.Create(a[3]);
                    c30 = Vector512.FusedMultiplyAdd(a3, b0, c30);
                    c31 = Vector512.FusedMultiplyAdd(a3, b1, c31);
                    c32 = Vector512.FusedMultiplyAdd(a3, b2, c32);
                    c33 = Vector512.FusedMultiplyAdd(a3, b3, c33);
                    Vector512<float> a4 = Vector512.Create(a[4]);
                    c40 = Vector512.FusedMultiplyAdd(a4, b0, c40);
                    c41 = Vector512.FusedMultiplyAdd(a4, b1, c41);
                    c42 = Vector512.FusedMultiplyAdd(a4, b2, c42);
                    c43 = Vector512.FusedMultiplyAdd(a4, b3, c43);
                    Vector512<float> a5 = Vector512.Create(a[5]);
                    c50 = Vector512.FusedMultiplyAdd(a5, b0, c50);
                    c51 = Vector512.FusedMultiplyAdd(a5, b1, c51);
                    c52 = Vector512.FusedMultiplyAdd(a5, b2, c52);
                    c53 = Vector512.FusedMultiplyAdd(a5, b3, c53);
                }
            }
            Put(into, alpha, c00, c);
            Put(into, alpha, c01, c + 16);
            Put(into, alpha, c02, c + 32);
            Put(into, alpha, c03, c + 48);
            c += ldc;
            Put(into, alpha, c10, c);
            Put(into, alpha, c11, c + 16);
            Put(into, alpha, c12, c + 32);
            Put(into, alpha, c13, c + 48);
            c += ldc;
            Put(into, alpha, c20, c);
            Put(into, alpha, c21, c + 16);
            Put(into, alpha, c22, c + 32);
            Put(into, alpha, c23, c + 48);
            c += ldc;
            Put(into, alpha, c30, c);
            Put(into, alpha, c31, c + 16);
            Put(into, alpha, c32, c + 32);
            Put(into, alpha, c33, c + 48);
            c += ldc;
            Put(into, alpha, c40, c);
            Put(into, alpha, c41, c + 16);
            Put(into, alpha, c42, c + 32);
            Put(into, alpha, c43, c + 48);
            c += ldc;
            Put(into, alpha, c50, c);
            Put(into, alpha, c51, c + 16);
            Put(into, alpha, c52, c + 32);
            Put(into, alpha, c53, c + 48);
            c += ldc;
        }
    }

    /// <summary>6 x 16 elements of C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Narrow(int k, float* a, float* b, nint ldb, Into into, float alpha, float* c, nint ldc)
    {
        Vector512<float> c00 = Vector512<float>.Zero;
        Vector512<float> c10 = Vector512<float>.Zero;
        Vector512<float> c20 = Vector512<float>.Zero;
        Vector512<float> c30 = Vector512<float>.Zero;
        Vector512<float> c40 = Vector512<float>.Zero;
        Vector512<float> c50 = Vector512<float>.Zero;
        for (; k > 0; k--, a += MicroKernel.Rows, b += ldb)
        {
            Vector512<float> b0 = Vector512.Load(b);
            Vector512<float> a0 = Vector512.Create(a[0]);
            c00 = Vector512.FusedMultiplyAdd(a0, b0, c00);
            Vector512<float> a1 = Vector512.Create(a[1]);
            c10 = Vector512.FusedMultiplyAdd(a1, b0, c10);
            Vector512<float> a2 = Vector512.Create(a[2]);
            c20 = Vector512.FusedMultiplyAdd(a2, b0, c20);
            Vector512<float> a3 = Vector512.Create(a[3]);
            c30 = Vector512.FusedMultiplyAdd(a3, b0, c30);
            Vector512<float> a4 = Vector512.Create(a[4]);
            c40 = Vector512.FusedMultiplyAdd(a4, b0, c40);
            Vector512<float> a5 = Vector512.Create(a[5]);
            c50 = Vector512.FusedMultiplyAdd(a5, b0, c50);
        }
        Put(into, alpha, c00, c);
        c += ldc;
        Put(into, alpha, c10, c);
        c += ldc;
        Put(into, alpha, c20, c);
        c += ldc;
        Put(into, alpha, c30, c);
        c += ldc;
        Put(into, alpha, c40, c);
        c += ldc;
        Put(into, alpha, c50, c);
    }

    // The tile of C is wanted when the sums are done, and lies far from the one before: it is fetched meanwhile.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(float* c, nint ldc)
    {
        if (!Sse.IsSupported)
            return;
        for (int row = 0; row < MicroKernel.Rows; row++, c += ldc)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + 16);
            Sse.Prefetch0(c + 32);
            Sse.Prefetch0(c + 48);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Into into, float alpha, Vector512<float> sum, float* c)
    {
        Vector512<float> scale = Vector512.Create(alpha);
        Vector512<float> value = into == Into.Set ? scale * sum : Vector512.FusedMultiplyAdd(scale, sum, Vector512.Load(c));
        value.Store(c);
    }
}
