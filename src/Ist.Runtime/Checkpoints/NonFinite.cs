using System.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Checkpoints;

/// <summary>Finds NaN and infinity among stored numbers, a vector at a time.</summary>
internal static unsafe class NonFinite
{
    /// <summary>The index of the first NaN or infinity, or -1.</summary>
    /// <param name="dtype">F32, F16, BF16 or F64; numbers of other types are finite.</param>
    /// <param name="data">The elements; no alignment is needed.</param>
    /// <param name="count">Their number.</param>
    public static long IndexOf(DType dtype, void* data, long count) => dtype switch
    {
        DType.F32 => IndexOfExponent((uint*)data, count, 0x7f800000u),
        DType.F16 => IndexOfExponent((ushort*)data, count, (ushort)0x7c00),
        DType.BF16 => IndexOfExponent((ushort*)data, count, (ushort)0x7f80),
        DType.F64 => IndexOfExponent((ulong*)data, count, 0x7ff0000000000000ul),
        _ => -1,
    };

    /// <summary>A number is not finite exactly where all bits of its exponent are set.</summary>
    private static long IndexOfExponent<T>(T* data, long count, T exponent) where T : unmanaged, IBinaryInteger<T>
    {
        var mask = new Vector<T>(exponent);
        long i = 0;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
        {
            if (Vector.EqualsAny(Vector.Load(data + i) & mask, mask))
                break;
        }
        for (; i < count; i++)
        {
            if ((data[i] & exponent) == exponent)
                return i;
        }
        return -1;
    }
}
