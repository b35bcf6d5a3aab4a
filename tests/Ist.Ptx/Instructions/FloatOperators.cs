using System.Numerics;

namespace Ist.Ptx.Instructions;

internal readonly struct FloatDivide<T> : IBinary<T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b) => a / b;
}

/// <summary>NaN where one is none.</summary>
internal readonly struct MinimumOrNaN<T> : IBinary<T> where T : INumber<T>
{
    public static T Of(T a, T b) => T.IsNaN(a) || T.IsNaN(b) ? a + b : T.MinNumber(a, b);
}

/// <summary>NaN where one is none.</summary>
internal readonly struct MaximumOrNaN<T> : IBinary<T> where T : INumber<T>
{
    public static T Of(T a, T b) => T.IsNaN(a) || T.IsNaN(b) ? a + b : T.MaxNumber(a, b);
}

/// <summary>a b + c, rounded once.</summary>
internal readonly struct Fused<T> : ITernary<T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b, T c) => T.FusedMultiplyAdd(a, b, c);
}

/// <summary>b with the sign of a: copysign d, a, b.</summary>
internal readonly struct CopySign<T> : IBinary<T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a, T b) => T.CopySign(b, a);
}

internal readonly struct Reciprocal<T> : IUnary<T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a) => T.One / a;
}

internal readonly struct SquareRoot<T> : IUnary<T> where T : IFloatingPointIeee754<T>
{
    public static T Of(T a) => T.Sqrt(a);
}
