using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// <see cref="MicroKernel"/> in vectors of 256 bits: 12 sums, 2 columns of B and a broadcast element of A fill 15 of 16 registers.
/// The sums stand in named locals because only those stay in registers, and nothing inlines the kernels: among a caller's variables the
/// sums would not fit.
/// </summary>
internal static unsafe class MicroKernel256
{
    /// <summary>Columns of a wide tile.</summary>
    public const int WideColumns = 16;

    /// <summary>Tiles of 6 x 16 elements of C, one under the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Wide(int tiles, int k, float* a, float* b, nint ldb, Into into, float alpha, float* c, nint ldc, NextColumns next)
    {
        for (; tiles > 0; tiles--)
        {
            Vector256<float> c00 = Vector256<float>.Zero, c01 = Vector256<float>.Zero;
            Vector256<float> c10 = Vector256<float>.Zero, c11 = Vector256<float>.Zero;
            Vector256<float> c20 = Vector256<float>.Zero, c21 = Vector256<float>.Zero;
            Vector256<float> c30 = Vector256<float>.Zero, c31 = Vector256<float>.Zero;
            Vector256<float> c40 = Vector256<float>.Zero, c41 = Vector256<float>.Zero;
            Vector256<float> c50 = Vector256<float>.Zero, c51 = Vector256<float>.Zero;
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
                    Vector256<float> b0 = Vector256.Load(row), b1 = Vector256.Load(row + 8);
                    Vector256<float> a0 = Vector256.Create(a[0]);
                    c00 = Vector256.FusedMultiplyAdd(a0, b0, c00);
                    c01 = Vector256.FusedMultiplyAdd(a0, b1, c01);
                    Vector256<float> a1 = Vector256.Create(a[1]);
                    c10 = Vector256.FusedMultiplyAdd(a1, b0, c10);
                    c11 = Vector256.FusedMultiplyAdd(a1, b1, c11);
                    Vector256<float> a2 = Vector256.Create(a[2]);
                    c20 = Vector256.FusedMultiplyAdd(a2, b0, c20);
                    c21 = Vector256.FusedMultiplyAdd(a2, b1, c21);
                    Vector256<float> a3 = Vector256.Create(a[3]);
                    c30 = Vector256.FusedMultiplyAdd(a3, b0, c30);
                    c31 = Vector256.FusedMultiplyAdd(a3, b1, c31);
                    Vector256<float> a4 = Vector256.Create(a[4]);
                    c40 = Vector256.FusedMultiplyAdd(a4, b0, c40);
                    c41 = Vector256.FusedMultiplyAdd(a4, b1, c41);
                    Vector256<float> a5 = Vector256.Create(a[5]);
                    c50 = Vector256.FusedMultiplyAdd(a5, b0, c50);
                    c51 = Vector256.FusedMultiplyAdd(a5, b1, c51);
                }
            }
            Vector256<float> scale = Vector256.Create(alpha);
            float* fourth = c + 3 * ldc;
            if (into == Into.Set)
            {
                Set(scale, c00, c01, c);
                Set(scale, c10, c11, c + ldc);
                Set(scale, c20, c21, c + 2 * ldc);
                Set(scale, c30, c31, fourth);
                Set(scale, c40, c41, fourth + ldc);
                Set(scale, c50, c51, fourth + 2 * ldc);
            }
            else
            {
                Add(scale, c00, c01, c);
                Add(scale, c10, c11, c + ldc);
                Add(scale, c20, c21, c + 2 * ldc);
                Add(scale, c30, c31, fourth);
                Add(scale, c40, c41, fourth + ldc);
                Add(scale, c50, c51, fourth + 2 * ldc);
            }
            c += MicroKernel.Rows * ldc;
        }
    }

    /// <summary>6 x 8 elements of C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Narrow(int k, float* a, float* b, nint ldb, Into into, float alpha, float* c, nint ldc)
    {
        Vector256<float> c00 = Vector256<float>.Zero;
        Vector256<float> c10 = Vector256<float>.Zero;
        Vector256<float> c20 = Vector256<float>.Zero;
        Vector256<float> c30 = Vector256<float>.Zero;
        Vector256<float> c40 = Vector256<float>.Zero;
        Vector256<float> c50 = Vector256<float>.Zero;
        for (; k > 0; k--, a += MicroKernel.Rows, b += ldb)
        {
            Vector256<float> b0 = Vector256.Load(b);
            Vector256<float> a0 = Vector256.Create(a[0]);
            c00 = Vector256.FusedMultiplyAdd(a0, b0, c00);
            Vector256<float> a1 = Vector256.Create(a[1]);
            c10 = Vector256.FusedMultiplyAdd(a1, b0, c10);
            Vector256<float> a2 = Vector256.Create(a[2]);
            c20 = Vector256.FusedMultiplyAdd(a2, b0, c20);
            Vector256<float> a3 = Vector256.Create(a[3]);
            c30 = Vector256.FusedMultiplyAdd(a3, b0, c30);
            Vector256<float> a4 = Vector256.Create(a[4]);
            c40 = Vector256.FusedMultiplyAdd(a4, b0, c40);
            Vector256<float> a5 = Vector256.Create(a[5]);
            c50 = Vector256.FusedMultiplyAdd(a5, b0, c50);
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

    // The tile of C is wanted when the sums are done, and lies far from the one before: it is fetched meanwhile, but not so early that what
    // is read of A and B drives it out of the first cache again, where its rows often lie in one and the same place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask(float* c, nint ldc)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(c);
        Sse.Prefetch0(c + ldc);
        Sse.Prefetch0(c + 2 * ldc);
        Sse.Prefetch0(c + 3 * ldc);
        Sse.Prefetch0(c + 4 * ldc);
        Sse.Prefetch0(c + 5 * ldc);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(Vector256<float> scale, Vector256<float> left, Vector256<float> right, float* c)
    {
        (scale * left).Store(c);
        (scale * right).Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<float> scale, Vector256<float> left, Vector256<float> right, float* c)
    {
        Vector256.FusedMultiplyAdd(scale, left, Vector256.Load(c)).Store(c);
        Vector256.FusedMultiplyAdd(scale, right, Vector256.Load(c + 8)).Store(c + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(Into into, float alpha, Vector256<float> sum, float* c)
    {
        Vector256<float> scale = Vector256.Create(alpha);
        Vector256<float> value = into == Into.Set ? scale * sum : Vector256.FusedMultiplyAdd(scale, sum, Vector256.Load(c));
        value.Store(c);
    }
}
