using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ist.Ptx.Instructions;

internal readonly struct Divide<T> : IBinary<T> where T : IBinaryInteger<T>
{
    // The smallest number by -1 overflows to itself, as on a device; by 0 is an error here, where a device gives what it likes.
    public static T Of(T a, T b) => b == -T.One && T.IsNegative(b) ? -a : a / b;
}

internal readonly struct Remainder<T> : IBinary<T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => b == -T.One && T.IsNegative(b) ? T.Zero : a % b;
}

internal readonly struct And<T> : IBinary<T> where T : IBinaryInteger<T>
{
    public static bool HasVectors => Vector256<T>.IsSupported;

    public static T Of(T a, T b) => a & b;

    public static Vector256<T> Of(Vector256<T> a, Vector256<T> b) => a & b;
}

internal readonly struct Or<T> : IBinary<T> where T : IBinaryInteger<T>
{
    public static bool HasVectors => Vector256<T>.IsSupported;

    public static T Of(T a, T b) => a | b;

    public static Vector256<T> Of(Vector256<T> a, Vector256<T> b) => a | b;
}

internal readonly struct Xor<T> : IBinary<T> where T : IBinaryInteger<T>
{
    public static bool HasVectors => Vector256<T>.IsSupported;

    public static T Of(T a, T b) => a ^ b;

    public static Vector256<T> Of(Vector256<T> a, Vector256<T> b) => a ^ b;
}

internal readonly struct Not<T> : IUnary<T> where T : IBinaryInteger<T>
{
    public static T Of(T a) => ~a;
}

/// <summary>1 for 0, else 0.</summary>
internal readonly struct IsZero<T> : IUnary<T> where T : IBinaryInteger<T>
{
    public static T Of(T a) => a == T.Zero ? T.One : T.Zero;
}

/// <summary>The upper half of the product.</summary>
internal readonly struct MultiplyHigh<T> : IBinary<T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => T.CreateTruncating((Int128.CreateTruncating(a) * Int128.CreateTruncating(b)) >> (8 * a.GetByteCount()));
}

internal readonly struct MultiplyHighAdd<T> : ITernary<T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b, T c) => MultiplyHigh<T>.Of(a, b) + c;
}

/// <summary>a b + c, the lower half.</summary>
internal readonly struct MultiplyAdd<T> : ITernary<T> where T : INumber<T>
{
    public static T Of(T a, T b, T c) => (a * b) + c;
}

/// <summary>|a - b| + c.</summary>
internal readonly struct AbsoluteDifference<T> : ITernary<T> where T : INumber<T>
{
    public static T Of(T a, T b, T c) => c + (a < b ? b - a : a - b);
}

/// <summary>a + b within the range of the type.</summary>
internal readonly struct AddSaturated<T> : IBinary<T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => T.CreateSaturating(Int128.CreateTruncating(a) + Int128.CreateTruncating(b));
}

/// <summary>a - b within the range of the type.</summary>
internal readonly struct SubtractSaturated<T> : IBinary<T> where T : IBinaryInteger<T>
{
    public static T Of(T a, T b) => T.CreateSaturating(Int128.CreateTruncating(a) - Int128.CreateTruncating(b));
}
