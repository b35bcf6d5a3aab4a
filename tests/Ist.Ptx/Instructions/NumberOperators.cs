using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ist.Ptx.Instructions;

internal readonly struct Add<T> : IBinary<T> where T : INumber<T>
{
    public static bool HasVectors => Vector256<T>.IsSupported;

    public static T Of(T a, T b) => a + b;

    public static Vector256<T> Of(Vector256<T> a, Vector256<T> b) => a + b;
}

internal readonly struct Subtract<T> : IBinary<T> where T : INumber<T>
{
    public static bool HasVectors => Vector256<T>.IsSupported;

    public static T Of(T a, T b) => a - b;

    public static Vector256<T> Of(Vector256<T> a, Vector256<T> b) => a - b;
}

internal readonly struct Multiply<T> : IBinary<T> where T : INumber<T>
{
    public static bool HasVectors => Vector256<T>.IsSupported;

    public static T Of(T a, T b) => a * b;

    public static Vector256<T> Of(Vector256<T> a, Vector256<T> b) => a * b;
}

/// <summary>The smaller, a number where one is none; -0 is smaller than 0.</summary>
internal readonly struct Minimum<T> : IBinary<T> where T : INumber<T>
{
    public static T Of(T a, T b) => T.MinNumber(a, b);
}

/// <summary>The larger, a number where one is none.</summary>
internal readonly struct Maximum<T> : IBinary<T> where T : INumber<T>
{
    public static T Of(T a, T b) => T.MaxNumber(a, b);
}

internal readonly struct Negate<T> : IUnary<T> where T : INumber<T>
{
    public static T Of(T a) => -a;
}

/// <summary>|a|; the smallest whole number stays itself, as on a device.</summary>
internal readonly struct Absolute<T> : IUnary<T> where T : INumber<T>
{
    public static T Of(T a) => T.IsNegative(a) ? -a : a;
}
