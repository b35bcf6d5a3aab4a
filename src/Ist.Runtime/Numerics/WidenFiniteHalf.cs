using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary>
/// F16 that is neither infinite nor NaN, in half the operations of <see cref="WidenHalf"/>: exponent and fraction go where an F32 has them,
/// which makes the number 2^112 times too small, and a product with 2^112 is exact, also where the half, and so the first factor, is denormal.
/// </summary>
internal readonly unsafe struct WidenFiniteHalf : IWidening
{
    private const float Scale = 5.192296858534828e33f; // 2^112

    private const int Places = unchecked((int)0x8fffe000);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scalar(void* data, long index) => (float)((Half*)data)[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(void* data, long index) =>
        Placed((WidenBFloat16.Widened(Vector128.Load((ushort*)data + index)) << 16).AsInt32() >> 3);

    /// <summary>The halves whose sign has spread over bits 28 to 31 of words, and whose lowest bit is bit 13; the bits below do not matter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Placed(Vector256<int> words) => (words & Vector256.Create(Places)).AsSingle() * Vector256.Create(Scale);

    /// <summary>The halves whose sign has spread over bits 28 to 31 of words, and whose lowest bit is bit 13; the bits below do not matter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Placed(Vector512<int> words) => (words & Vector512.Create(Places)).AsSingle() * Vector512.Create(Scale);

    /// <summary>Whether all are finite, of <paramref name="lines"/> lines of <paramref name="count"/> F16 that begin <paramref name="stride"/> elements apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static bool Holds(void* data, int lines, long stride, int count)
    {
        Vector256<ushort> largest = Vector256<ushort>.Zero, magnitude = Vector256.Create((ushort)0x7fff);
        ushort largestOfRests = 0;
        for (int line = 0; line < lines; line++)
        {
            ushort* halves = (ushort*)data + line * stride;
            int i = 0;
            for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
                largest = Vector256.Max(largest, Vector256.Load(halves + i) & magnitude);
            for (; i < count; i++)
                largestOfRests = Math.Max(largestOfRests, (ushort)(halves[i] & 0x7fff));
        }
        return Vector256.LessThanAll(largest, Vector256.Create((ushort)0x7c00)) && largestOfRests < 0x7c00;
    }
}
