using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ist.Runtime.Numerics;

/// <summary>
/// Turns blocks of a matrix that lies along k, so that k becomes the outer dimension, in registers: 8 x 8 with AVX, 16 x 16 words
/// of 32 bits with AVX-512. A word is an F32, or two neighbouring BF16 or F16, which the sink takes apart.
/// </summary>
internal static unsafe partial class Turning
{
    /// <summary>Sixteen rows of sixteen words, which lie <paramref name="stride"/> bytes apart, to columns of <paramref name="to"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sixteen<TSink>(byte* from, long stride, float* to, int width) where TSink : struct, ISink
    {
        Vector512<float> r0 = Row(from, 0), r1 = Row(from, 1 * stride), r2 = Row(from, 2 * stride), r3 = Row(from, 3 * stride);
        Vector512<float> r4 = Row(from, 4 * stride), r5 = Row(from, 5 * stride), r6 = Row(from, 6 * stride), r7 = Row(from, 7 * stride);
        Vector512<float> r8 = Row(from, 8 * stride), r9 = Row(from, 9 * stride), r10 = Row(from, 10 * stride), r11 = Row(from, 11 * stride);
        Vector512<float> r12 = Row(from, 12 * stride), r13 = Row(from, 13 * stride), r14 = Row(from, 14 * stride), r15 = Row(from, 15 * stride);
        Vector512<float> t0 = Avx512F.UnpackLow(r0, r1), t1 = Avx512F.UnpackHigh(r0, r1);
        Vector512<float> t2 = Avx512F.UnpackLow(r2, r3), t3 = Avx512F.UnpackHigh(r2, r3);
        Vector512<float> t4 = Avx512F.UnpackLow(r4, r5), t5 = Avx512F.UnpackHigh(r4, r5);
        Vector512<float> t6 = Avx512F.UnpackLow(r6, r7), t7 = Avx512F.UnpackHigh(r6, r7);
        Vector512<float> t8 = Avx512F.UnpackLow(r8, r9), t9 = Avx512F.UnpackHigh(r8, r9);
        Vector512<float> t10 = Avx512F.UnpackLow(r10, r11), t11 = Avx512F.UnpackHigh(r10, r11);
        Vector512<float> t12 = Avx512F.UnpackLow(r12, r13), t13 = Avx512F.UnpackHigh(r12, r13);
        Vector512<float> t14 = Avx512F.UnpackLow(r14, r15), t15 = Avx512F.UnpackHigh(r14, r15);
        Vector512<float> u0 = Avx512F.Shuffle(t0, t2, 0x44), u1 = Avx512F.Shuffle(t0, t2, 0xee);
        Vector512<float> u2 = Avx512F.Shuffle(t1, t3, 0x44), u3 = Avx512F.Shuffle(t1, t3, 0xee);
        Vector512<float> u4 = Avx512F.Shuffle(t4, t6, 0x44), u5 = Avx512F.Shuffle(t4, t6, 0xee);
        Vector512<float> u6 = Avx512F.Shuffle(t5, t7, 0x44), u7 = Avx512F.Shuffle(t5, t7, 0xee);
        Vector512<float> u8 = Avx512F.Shuffle(t8, t10, 0x44), u9 = Avx512F.Shuffle(t8, t10, 0xee);
        Vector512<float> u10 = Avx512F.Shuffle(t9, t11, 0x44), u11 = Avx512F.Shuffle(t9, t11, 0xee);
        Vector512<float> u12 = Avx512F.Shuffle(t12, t14, 0x44), u13 = Avx512F.Shuffle(t12, t14, 0xee);
        Vector512<float> u14 = Avx512F.Shuffle(t13, t15, 0x44), u15 = Avx512F.Shuffle(t13, t15, 0xee);
        Lanes<TSink>(u0, u4, u8, u12, 0, to, width);
        Lanes<TSink>(u1, u5, u9, u13, 1, to, width);
        Lanes<TSink>(u2, u6, u10, u14, 2, to, width);
        Lanes<TSink>(u3, u7, u11, u15, 3, to, width);
    }

    /// <summary>Eight rows of eight elements, which lie <paramref name="stride"/> elements apart, to columns of <paramref name="to"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eight<T>(void* data, long at, long stride, float* to, int width) where T : struct, IWidening => Eight<Singles>(
        T.Eight(data, at), T.Eight(data, at + stride), T.Eight(data, at + 2 * stride), T.Eight(data, at + 3 * stride),
        T.Eight(data, at + 4 * stride), T.Eight(data, at + 5 * stride), T.Eight(data, at + 6 * stride), T.Eight(data, at + 7 * stride), to, width);

    /// <summary>Eight rows of eight words, which lie <paramref name="stride"/> bytes apart, to columns of <paramref name="to"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eight<TSink>(byte* from, long stride, float* to, int width) where TSink : struct, ISink => Eight<TSink>(
        EightWords(from, 0), EightWords(from, stride), EightWords(from, 2 * stride), EightWords(from, 3 * stride),
        EightWords(from, 4 * stride), EightWords(from, 5 * stride), EightWords(from, 6 * stride), EightWords(from, 7 * stride), to, width);

    /// <summary>
    /// Six rows of eight floats, which lie <paramref name="down"/> floats apart, to eight rows of six without gaps.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Six(float* from, long down, float* to)
    {
        Vector256<float> r0 = Vector256.Load(from), r1 = Vector256.Load(from + down), r2 = Vector256.Load(from + 2 * down);
        Vector256<float> r3 = Vector256.Load(from + 3 * down), r4 = Vector256.Load(from + 4 * down), r5 = Vector256.Load(from + 5 * down);
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), none = Vector256<float>.Zero;
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xee), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xee);
        Vector256<float> b4 = Avx.Shuffle(a4, none, 0x44), b5 = Avx.Shuffle(a4, none, 0xee), b6 = Avx.Shuffle(a5, none, 0x44), b7 = Avx.Shuffle(a5, none, 0xee);
        Avx.Permute2x128(b0, b4, 0x20).Store(to);
        Avx.Permute2x128(b1, b5, 0x20).Store(to + 6);
        Avx.Permute2x128(b2, b6, 0x20).Store(to + 12);
        Avx.Permute2x128(b3, b7, 0x20).Store(to + 18);
        Avx.Permute2x128(b0, b4, 0x31).Store(to + 24);
        Avx.Permute2x128(b1, b5, 0x31).Store(to + 30);
        Avx.Permute2x128(b2, b6, 0x31).Store(to + 36);
        // The last row with the end of the one before, so that nothing behind it is written.
        Avx.Permute2x128(Avx.Shuffle(b6, b3, 0x44), Avx.Shuffle(b3, b7, 0x4e), 0x31).Store(to + 40);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Row(byte* from, long at) => Vector512.Load((float*)(from + at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> EightWords(byte* from, long at) => Vector256.Load((float*)(from + at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight<TSink>(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, Vector256<float> r4, Vector256<float> r5,
        Vector256<float> r6, Vector256<float> r7, float* to, int width) where TSink : struct, ISink
    {
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xee), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xee);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xee), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xee);
        TSink.Store(Avx.Permute2x128(b0, b4, 0x20), 0, to, width);
        TSink.Store(Avx.Permute2x128(b1, b5, 0x20), 1, to, width);
        TSink.Store(Avx.Permute2x128(b2, b6, 0x20), 2, to, width);
        TSink.Store(Avx.Permute2x128(b3, b7, 0x20), 3, to, width);
        TSink.Store(Avx.Permute2x128(b0, b4, 0x31), 4, to, width);
        TSink.Store(Avx.Permute2x128(b1, b5, 0x31), 5, to, width);
        TSink.Store(Avx.Permute2x128(b2, b6, 0x31), 6, to, width);
        TSink.Store(Avx.Permute2x128(b3, b7, 0x31), 7, to, width);
    }

    // Sixteen columns stand in four registers, each with four rows of every fourth column.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lanes<TSink>(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, int first, float* to, int width) where TSink : struct, ISink
    {
        Vector512<float> evenUpper = Avx512F.Shuffle4x128(a, b, 0x88), oddUpper = Avx512F.Shuffle4x128(a, b, 0xdd);
        Vector512<float> evenLower = Avx512F.Shuffle4x128(c, d, 0x88), oddLower = Avx512F.Shuffle4x128(c, d, 0xdd);
        TSink.Store(Avx512F.Shuffle4x128(evenUpper, evenLower, 0x88), first, to, width);
        TSink.Store(Avx512F.Shuffle4x128(oddUpper, oddLower, 0x88), first + 4, to, width);
        TSink.Store(Avx512F.Shuffle4x128(evenUpper, evenLower, 0xdd), first + 8, to, width);
        TSink.Store(Avx512F.Shuffle4x128(oddUpper, oddLower, 0xdd), first + 12, to, width);
    }
}
