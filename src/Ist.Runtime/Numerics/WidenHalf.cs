using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary>
/// F16, by integer arithmetic, since .NET offers no vector conversion: the exponent is rebiased by 127 - 15 = 112, and
/// twice for infinity and NaN; a denormal is the fraction on top of 2^-14, from which 2^-14 is taken away again. Exact.
/// </summary>
internal readonly unsafe struct WidenHalf : IWidening
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scalar(void* data, long index) => (float)((Half*)data)[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(void* data, long index)
    {
        Vector256<uint> half = WidenBFloat16.Widened(Vector128.Load((ushort*)data + index));
        Vector256<uint> magnitude = (half & Vector256.Create(0x7fffu)) << 13;
        Vector256<uint> smallest = Vector256.Create(113u << 23);
        Vector256<uint> denormal = ((magnitude + smallest).AsSingle() - smallest.AsSingle()).AsUInt32();
        Vector256<uint> value = magnitude + Vector256.Create(112u << 23);
        value = Vector256.ConditionalSelect(
            Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7c00u << 13)), value + Vector256.Create(112u << 23), value);
        value = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0x0400u << 13)), denormal, value);
        return (value | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }
}
