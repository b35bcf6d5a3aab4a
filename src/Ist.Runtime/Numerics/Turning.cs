using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ist.Runtime.Numerics;

/// <summary>
/// Turns blocks of a matrix that lies along k, so that k becomes the outer dimension, in registers: 8 x 8 with AVX, 16 x 16 words
/// of 32 bits with AVX-512. A word is an F32, or two neighbouring BF16 or F16, which <see cref="IWords"/> take apart.
/// </summary>
internal static unsafe partial class Turning
{
    /// <summary>Sixteen rows of sixteen words, which lie <paramref name="stride"/> bytes apart, to columns of <paramref name="to"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sixteen<TWords>(byte* from, long stride, float* to, int width) where TWords : struct, IWords
    {
        Sixteen(
            from, stride, out Vector512<float> w0, out Vector512<float> w1, out Vector512<float> w2, out Vector512<float> w3,
            out Vector512<float> w4, out Vector512<float> w5, out Vector512<float> w6, out Vector512<float> w7,
            out Vector512<float> w8, out Vector512<float> w9, out Vector512<float> w10, out Vector512<float> w11,
            out Vector512<float> w12, out Vector512<float> w13, out Vector512<float> w14, out Vector512<float> w15);
        Store<TWords>(w0, 0, to, width);
        Store<TWords>(w1, 1, to, width);
        Store<TWords>(w2, 2, to, width);
        Store<TWords>(w3, 3, to, width);
        Store<TWords>(w4, 4, to, width);
        Store<TWords>(w5, 5, to, width);
        Store<TWords>(w6, 6, to, width);
        Store<TWords>(w7, 7, to, width);
        Store<TWords>(w8, 8, to, width);
        Store<TWords>(w9, 9, to, width);
        Store<TWords>(w10, 10, to, width);
        Store<TWords>(w11, 11, to, width);
        Store<TWords>(w12, 12, to, width);
        Store<TWords>(w13, 13, to, width);
        Store<TWords>(w14, 14, to, width);
        Store<TWords>(w15, 15, to, width);
    }

    /// <summary>Sixteen rows of sixteen words, which lie <paramref name="stride"/> bytes apart: word 0 of all rows, word 1 and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sixteen(
        byte* from, long stride, out Vector512<float> w0, out Vector512<float> w1, out Vector512<float> w2, out Vector512<float> w3,
        out Vector512<float> w4, out Vector512<float> w5, out Vector512<float> w6, out Vector512<float> w7,
        out Vector512<float> w8, out Vector512<float> w9, out Vector512<float> w10, out Vector512<float> w11,
        out Vector512<float> w12, out Vector512<float> w13, out Vector512<float> w14, out Vector512<float> w15)
    {
        w0 = Row(from, 0);
        w1 = Row(from, stride);
        w2 = Row(from, 2 * stride);
        w3 = Row(from, 3 * stride);
        w4 = Row(from, 4 * stride);
        w5 = Row(from, 5 * stride);
        w6 = Row(from, 6 * stride);
        w7 = Row(from, 7 * stride);
        w8 = Row(from, 8 * stride);
        w9 = Row(from, 9 * stride);
        w10 = Row(from, 10 * stride);
        w11 = Row(from, 11 * stride);
        w12 = Row(from, 12 * stride);
        w13 = Row(from, 13 * stride);
        w14 = Row(from, 14 * stride);
        w15 = Row(from, 15 * stride);
        Vector512<float> t0 = Avx512F.UnpackLow(w0, w1), t1 = Avx512F.UnpackHigh(w0, w1);
        Vector512<float> t2 = Avx512F.UnpackLow(w2, w3), t3 = Avx512F.UnpackHigh(w2, w3);
        Vector512<float> t4 = Avx512F.UnpackLow(w4, w5), t5 = Avx512F.UnpackHigh(w4, w5);
        Vector512<float> t6 = Avx512F.UnpackLow(w6, w7), t7 = Avx512F.UnpackHigh(w6, w7);
        Vector512<float> t8 = Avx512F.UnpackLow(w8, w9), t9 = Avx512F.UnpackHigh(w8, w9);
        Vector512<float> t10 = Avx512F.UnpackLow(w10, w11), t11 = Avx512F.UnpackHigh(w10, w11);
        Vector512<float> t12 = Avx512F.UnpackLow(w12, w13), t13 = Avx512F.UnpackHigh(w12, w13);
        Vector512<float> t14 = Avx512F.UnpackLow(w14, w15), t15 = Avx512F.UnpackHigh(w14, w15);
        w0 = Avx512F.Shuffle(t0, t2, 0x44);
        w1 = Avx512F.Shuffle(t0, t2, 0xee);
        w2 = Avx512F.Shuffle(t1, t3, 0x44);
        w3 = Avx512F.Shuffle(t1, t3, 0xee);
        w4 = Avx512F.Shuffle(t4, t6, 0x44);
        w5 = Avx512F.Shuffle(t4, t6, 0xee);
        w6 = Avx512F.Shuffle(t5, t7, 0x44);
        w7 = Avx512F.Shuffle(t5, t7, 0xee);
        w8 = Avx512F.Shuffle(t8, t10, 0x44);
        w9 = Avx512F.Shuffle(t8, t10, 0xee);
        w10 = Avx512F.Shuffle(t9, t11, 0x44);
        w11 = Avx512F.Shuffle(t9, t11, 0xee);
        w12 = Avx512F.Shuffle(t12, t14, 0x44);
        w13 = Avx512F.Shuffle(t12, t14, 0xee);
        w14 = Avx512F.Shuffle(t13, t15, 0x44);
        w15 = Avx512F.Shuffle(t13, t15, 0xee);
        Lanes(ref w0, ref w4, ref w8, ref w12);
        Lanes(ref w1, ref w5, ref w9, ref w13);
        Lanes(ref w2, ref w6, ref w10, ref w14);
        Lanes(ref w3, ref w7, ref w11, ref w15);
    }

    /// <summary>Eight rows of eight elements, which lie <paramref name="stride"/> elements apart, to columns of <paramref name="to"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eight<T>(void* data, long at, long stride, float* to, int width) where T : struct, IWidening => Eight<Singles>(
        T.Eight(data, at), T.Eight(data, at + stride), T.Eight(data, at + 2 * stride), T.Eight(data, at + 3 * stride),
        T.Eight(data, at + 4 * stride), T.Eight(data, at + 5 * stride), T.Eight(data, at + 6 * stride), T.Eight(data, at + 7 * stride), to, width);

    /// <summary>Eight rows of eight words, which lie <paramref name="stride"/> bytes apart, to columns of <paramref name="to"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eight<TWords>(byte* from, long stride, float* to, int width) where TWords : struct, IWords => Eight<TWords>(
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
    private static void Eight<TWords>(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, Vector256<float> r4, Vector256<float> r5,
        Vector256<float> r6, Vector256<float> r7, float* to, int width) where TWords : struct, IWords
    {
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xee), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xee);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xee), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xee);
        Store<TWords>(Avx.Permute2x128(b0, b4, 0x20), 0, to, width);
        Store<TWords>(Avx.Permute2x128(b1, b5, 0x20), 1, to, width);
        Store<TWords>(Avx.Permute2x128(b2, b6, 0x20), 2, to, width);
        Store<TWords>(Avx.Permute2x128(b3, b7, 0x20), 3, to, width);
        Store<TWords>(Avx.Permute2x128(b0, b4, 0x31), 4, to, width);
        Store<TWords>(Avx.Permute2x128(b1, b5, 0x31), 5, to, width);
        Store<TWords>(Avx.Permute2x128(b2, b6, 0x31), 6, to, width);
        Store<TWords>(Avx.Permute2x128(b3, b7, 0x31), 7, to, width);
    }

    // Four registers, each with four rows of every fourth word, become four words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lanes(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        Vector512<float> evenUpper = Avx512F.Shuffle4x128(a, b, 0x88), oddUpper = Avx512F.Shuffle4x128(a, b, 0xdd);
        Vector512<float> evenLower = Avx512F.Shuffle4x128(c, d, 0x88), oddLower = Avx512F.Shuffle4x128(c, d, 0xdd);
        a = Avx512F.Shuffle4x128(evenUpper, evenLower, 0x88);
        b = Avx512F.Shuffle4x128(oddUpper, oddLower, 0x88);
        c = Avx512F.Shuffle4x128(evenUpper, evenLower, 0xdd);
        d = Avx512F.Shuffle4x128(oddUpper, oddLower, 0xdd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWords>(Vector512<float> words, int word, float* to, int width) where TWords : struct, IWords
    {
        to += (long)word * TWords.Depth * width;
        TWords.Value(words, 0).Store(to);
        if (TWords.Depth == 2)
            TWords.Value(words, 1).Store(to + width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWords>(Vector256<float> words, int word, float* to, int width) where TWords : struct, IWords
    {
        to += (long)word * TWords.Depth * width;
        TWords.Value(words, 0).Store(to);
        if (TWords.Depth == 2)
            TWords.Value(words, 1).Store(to + width);
    }
}
