using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ist.Runtime.Numerics;

/// <summary>BF16: the upper half of an F32, so widening is a shift.</summary>
internal readonly unsafe struct WidenBFloat16 : IWidening
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scalar(void* data, long index) => BitConverter.UInt32BitsToSingle((uint)((ushort*)data)[index] << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(void* data, long index) =>
        (Widened(Vector128.Load((ushort*)data + index)) << 16).AsSingle();

    /// <summary>Eight 16-bit words as 32-bit ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<uint> Widened(Vector128<ushort> words) => Avx2.IsSupported
        ? Avx2.ConvertToVector256Int32(words).AsUInt32()
        : Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words));
}
