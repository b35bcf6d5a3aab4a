using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class Turning
{
    /// <summary>What words of 32 bits hold.</summary>
    public interface IWords
    {
        /// <summary>How many k a word holds.</summary>
        static abstract int Depth { get; }

        /// <summary>Number <paramref name="place"/> of each word, the one for the smallest k first.</summary>
        static abstract Vector512<float> Value(Vector512<float> words, int place);

        /// <summary>Number <paramref name="place"/> of each word, the one for the smallest k first.</summary>
        static abstract Vector256<float> Value(Vector256<float> words, int place);
    }

    /// <summary>Words that are F32.</summary>
    public readonly struct Singles : IWords
    {
        public static int Depth => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> words, int place) => words;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Value(Vector256<float> words, int place) => words;
    }

    /// <summary>Words that are two BF16, the one for the smaller k in the lower half.</summary>
    public readonly struct BFloat16Pairs : IWords
    {
        public static int Depth => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> words, int place) =>
            place == 0 ? (words.AsUInt32() << 16).AsSingle() : (words.AsUInt32() & Vector512.Create(0xffff0000u)).AsSingle();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Value(Vector256<float> words, int place) =>
            place == 0 ? (words.AsUInt32() << 16).AsSingle() : (words.AsUInt32() & Vector256.Create(0xffff0000u)).AsSingle();
    }

    /// <summary>
    /// Words that are two finite F16, the one for the smaller k in the lower half; widened as by <see cref="WidenFiniteHalf"/>. One
    /// multiplication takes a half out of its word and puts it in its place, where the processor has no shifts to spare beside the turning.
    /// </summary>
    public readonly struct FiniteHalfPairs : IWords
    {
        // The halves of a word, as whole numbers, by 2^13 and 0.
        private const int Lower = 1 << 13, Upper = 1 << 29;

        public static int Depth => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Value(Vector512<float> words, int place) => WidenFiniteHalf.Placed(
            Avx512BW.MultiplyAddAdjacent(words.AsInt16(), Vector512.Create(place == 0 ? Lower : Upper).AsInt16()));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Value(Vector256<float> words, int place) => WidenFiniteHalf.Placed(
            Avx2.MultiplyAddAdjacent(words.AsInt16(), Vector256.Create(place == 0 ? Lower : Upper).AsInt16()));

        /// <summary>Has the highest bit of a half where that is infinite or NaN: what makes its exponent overflow turns its sign.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<short> NotFinite(Vector512<float> words) => (words.AsInt16() + Vector512.Create((short)0x0400)) ^ words.AsInt16();
    }
}
