using System.Numerics;

namespace Ist.Ptx.Instructions;

internal readonly struct ShiftLeft<T> : IShift<T> where T : IBinaryInteger<T>
{
    public static T Of(T a, uint count) => count >= 8 * a.GetByteCount() ? T.Zero : a << (int)count;
}

/// <summary>Of a signed type the sign comes in from the left.</summary>
internal readonly struct ShiftRight<T> : IShift<T> where T : IBinaryInteger<T>
{
    public static T Of(T a, uint count) => count >= 8 * a.GetByteCount() ? (T.IsNegative(a) ? -T.One : T.Zero) : a >> (int)count;
}
