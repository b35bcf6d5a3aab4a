using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ist.Runtime.Tensors;

/// <summary>
/// Converts whole spans between F32 and the types of files. Widening is exact (F64 apart, which rounds); narrowing
/// rounds to nearest, ties to even, keeps NaN, and sends what is too large to infinity. Neither depends on whether the
/// processor flushes denormals.
/// </summary>
public static unsafe class FloatConverter
{
    /// <summary>Widens <paramref name="destination"/>.Length elements.</summary>
    /// <param name="dtype">F32, F16, BF16 or F64.</param>
    /// <param name="source">The elements; no alignment is needed.</param>
    /// <param name="destination">Receives them.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another type.</exception>
    public static void Widen(DType dtype, void* source, Span<float> destination)
    {
        switch (dtype)
        {
            case DType.F32:
                new ReadOnlySpan<float>(source, destination.Length).CopyTo(destination);
                break;
            case DType.BF16:
                Widen(new ReadOnlySpan<BFloat16>(source, destination.Length), destination);
                break;
            case DType.F16:
                Widen(new ReadOnlySpan<Half>(source, destination.Length), destination);
                break;
            case DType.F64:
                var doubles = (double*)source;
                for (int i = 0; i < destination.Length; i++)
                    destination[i] = (float)doubles[i];
                break;
            default:
                throw NoFloat(dtype);
        }
    }

    /// <summary>Widens BF16 to F32. <paramref name="destination"/> is at least as long as <paramref name="source"/>.</summary>
    public static void Widen(ReadOnlySpan<BFloat16> source, Span<float> destination)
    {
        ReadOnlySpan<ushort> from = MemoryMarshal.Cast<BFloat16, ushort>(source);
        Span<uint> to = MemoryMarshal.Cast<float, uint>(destination[..source.Length]);
        int i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(from[i..]), out Vector<uint> low, out Vector<uint> high);
            (low << 16).CopyTo(to[i..]);
            (high << 16).CopyTo(to[(i + Vector<uint>.Count)..]);
        }
        for (; i < from.Length; i++)
            to[i] = (uint)from[i] << 16;
    }

    /// <summary>Widens F16 to F32. <paramref name="destination"/> is at least as long as <paramref name="source"/>.</summary>
    public static void Widen(ReadOnlySpan<Half> source, Span<float> destination)
    {
        ReadOnlySpan<ushort> from = MemoryMarshal.Cast<Half, ushort>(source);
        Span<uint> to = MemoryMarshal.Cast<float, uint>(destination[..source.Length]);
        int i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(from[i..]), out Vector<uint> low, out Vector<uint> high);
            WidenHalf(low).CopyTo(to[i..]);
            WidenHalf(high).CopyTo(to[(i + Vector<uint>.Count)..]);
        }
        for (; i < from.Length; i++)
            to[i] = BitConverter.SingleToUInt32Bits((float)source[i]);
    }

    /// <summary>Narrows <paramref name="source"/>.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="dtype">F32, F16, BF16 or F64.</param>
    /// <param name="destination">Receives <paramref name="source"/>.Length elements; no alignment is needed.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another type.</exception>
    public static void Narrow(ReadOnlySpan<float> source, DType dtype, void* destination)
    {
        switch (dtype)
        {
            case DType.F32:
                source.CopyTo(new Span<float>(destination, source.Length));
                break;
            case DType.BF16:
                Narrow(source, new Span<BFloat16>(destination, source.Length));
                break;
            case DType.F16:
                Narrow(source, new Span<Half>(destination, source.Length));
                break;
            case DType.F64:
                var doubles = (double*)destination;
                for (int i = 0; i < source.Length; i++)
                    doubles[i] = source[i];
                break;
            default:
                throw NoFloat(dtype);
        }
    }

    /// <summary>Narrows F32 to BF16. <paramref name="destination"/> is at least as long as <paramref name="source"/>.</summary>
    public static void Narrow(ReadOnlySpan<float> source, Span<BFloat16> destination)
    {
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<float, uint>(source);
        Span<ushort> to = MemoryMarshal.Cast<BFloat16, ushort>(destination[..source.Length]);
        int i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector<uint> low = NarrowBFloat16(new Vector<uint>(from[i..]));
            Vector<uint> high = NarrowBFloat16(new Vector<uint>(from[(i + Vector<uint>.Count)..]));
            Vector.Narrow(low, high).CopyTo(to[i..]);
        }
        for (; i < from.Length; i++)
            to[i] = ((BFloat16)source[i]).Bits;
    }

    /// <summary>Narrows F32 to F16. <paramref name="destination"/> is at least as long as <paramref name="source"/>.</summary>
    public static void Narrow(ReadOnlySpan<float> source, Span<Half> destination)
    {
        ReadOnlySpan<uint> from = MemoryMarshal.Cast<float, uint>(source);
        Span<ushort> to = MemoryMarshal.Cast<Half, ushort>(destination[..source.Length]);
        int i = 0;
        for (; i <= from.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector<uint> low = NarrowHalf(new Vector<uint>(from[i..]));
            Vector<uint> high = NarrowHalf(new Vector<uint>(from[(i + Vector<uint>.Count)..]));
            Vector.Narrow(low, high).CopyTo(to[i..]);
        }
        for (; i < from.Length; i++)
            to[i] = BitConverter.HalfToUInt16Bits((Half)source[i]);
    }

    private static Vector<uint> NarrowBFloat16(Vector<uint> bits)
    {
        Vector<uint> rounded = (bits + new Vector<uint>(0x7fff) + ((bits >> 16) & Vector<uint>.One)) >> 16;
        Vector<uint> quiet = (bits >> 16) | new Vector<uint>(0x40);
        Vector<uint> isNaN = Vector.GreaterThan(bits & new Vector<uint>(0x7fffffff), new Vector<uint>(0x7f800000));
        return Vector.ConditionalSelect(isNaN, quiet, rounded);
    }

    /// <summary>
    /// The exponent is rebiased by 127 - 15 = 112, and twice for infinity and NaN. A half's denormal is the fraction on top of
    /// 2^-14, from which 2^-14 is taken away again: normal numbers throughout.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> WidenHalf(Vector<uint> half)
    {
        const uint rebias = 112u << 23;
        Vector<uint> smallest = new(113u << 23);
        Vector<uint> magnitude = (half & new Vector<uint>(0x7fff)) << 13;
        Vector<uint> normal = magnitude + new Vector<uint>(rebias);
        Vector<uint> special = magnitude + new Vector<uint>(2 * rebias);
        Vector<float> denormal = Vector.AsVectorSingle(magnitude + smallest) - Vector.AsVectorSingle(smallest);
        Vector<uint> value = Vector.ConditionalSelect(
            Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(0x7c00u << 13)), special,
            Vector.ConditionalSelect(
                Vector.LessThan(magnitude, new Vector<uint>(0x0400u << 13)), Vector.AsVectorUInt32(denormal), normal));
        return value | ((half & new Vector<uint>(0x8000)) << 16);
    }

    /// <summary>
    /// Rounding to nearest even by integer addition; for denormals the processor's own addition rounds, with a number so
    /// large that the last bit of the sum is the half's last bit. Source: F. Giesen, float_to_half_fast3_rtne.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> NarrowHalf(Vector<uint> bits)
    {
        Vector<uint> magic = new((127u - 15 + 23 - 10 + 1) << 23);
        Vector<uint> magnitude = bits & new Vector<uint>(0x7fffffff);
        Vector<uint> odd = (magnitude >> 13) & Vector<uint>.One;
        Vector<uint> normal = (magnitude - new Vector<uint>((112u << 23) - 0xfff) + odd) >> 13;
        Vector<uint> denormal = Vector.AsVectorUInt32(Vector.AsVectorSingle(magnitude) + Vector.AsVectorSingle(magic)) - magic;
        Vector<uint> special = Vector.ConditionalSelect(
            Vector.GreaterThan(magnitude, new Vector<uint>(0x7f800000)), new Vector<uint>(0x7e00), new Vector<uint>(0x7c00));
        Vector<uint> value = Vector.ConditionalSelect(
            Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(143u << 23)), special,
            Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<uint>(113u << 23)), denormal, normal));
        return value | ((bits >> 16) & new Vector<uint>(0x8000));
    }

    private static ArgumentOutOfRangeException NoFloat(DType dtype) =>
        new(nameof(dtype), dtype, "Only F32, F16, BF16 and F64 are converted.");
}
