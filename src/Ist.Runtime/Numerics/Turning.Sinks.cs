using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class Turning
{
    /// <summary>What becomes of a turned row of words.</summary>
    public interface ISink
    {
        /// <summary>How many k a word holds.</summary>
        static abstract int Depth { get; }

        /// <summary>Stores sixteen columns of word <paramref name="word"/>.</summary>
        static abstract void Store(Vector512<float> columns, int word, float* to, int width);

        /// <summary>Stores eight columns of word <paramref name="word"/>.</summary>
        static abstract void Store(Vector256<float> columns, int word, float* to, int width);
    }

    /// <summary>Words that are F32.</summary>
    public readonly struct Singles : ISink
    {
        public static int Depth => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<float> columns, int word, float* to, int width) => columns.Store(to + (long)word * width);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector256<float> columns, int word, float* to, int width) => columns.Store(to + (long)word * width);
    }

    /// <summary>Words that are two BF16, the one for the smaller k in the lower half.</summary>
    public readonly struct BFloat16Pairs : ISink
    {
        public static int Depth => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<float> columns, int word, float* to, int width)
        {
            Vector512<uint> bits = columns.AsUInt32();
            (bits << 16).AsSingle().Store(to + 2L * word * width);
            (bits & Vector512.Create(0xffff0000u)).AsSingle().Store(to + (2L * word + 1) * width);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector256<float> columns, int word, float* to, int width)
        {
            Vector256<uint> bits = columns.AsUInt32();
            (bits << 16).AsSingle().Store(to + 2L * word * width);
            (bits & Vector256.Create(0xffff0000u)).AsSingle().Store(to + (2L * word + 1) * width);
        }
    }

    /// <summary>Words that are two finite F16, the one for the smaller k in the lower half; widened as by <see cref="WidenFiniteHalf"/>.</summary>
    public readonly struct FiniteHalfPairs : ISink
    {
        public static int Depth => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector512<float> columns, int word, float* to, int width)
        {
            Vector512<int> bits = columns.AsInt32();
            WidenFiniteHalf.Upper(bits << 16).Store(to + 2L * word * width);
            WidenFiniteHalf.Upper(bits).Store(to + (2L * word + 1) * width);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store(Vector256<float> columns, int word, float* to, int width)
        {
            Vector256<int> bits = columns.AsInt32();
            WidenFiniteHalf.Upper(bits << 16).Store(to + 2L * word * width);
            WidenFiniteHalf.Upper(bits).Store(to + (2L * word + 1) * width);
        }
    }
}
