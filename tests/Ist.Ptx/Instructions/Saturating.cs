using System.Numerics;

namespace Ist.Ptx.Instructions;

/// <summary>.sat of floating point: within 0 and 1, NaN is 0.</summary>
internal static class Saturating
{
    public static T Clamp<T>(T a) where T : IFloatingPointIeee754<T> => a > T.Zero ? T.MinNumber(a, T.One) : T.Zero;
}

internal readonly struct SaturatedBinary<T, TOp> : IBinary<T> where T : IFloatingPointIeee754<T> where TOp : IBinary<T>
{
    public static T Of(T a, T b) => Saturating.Clamp(TOp.Of(a, b));
}

internal readonly struct SaturatedTernary<T, TOp> : ITernary<T> where T : IFloatingPointIeee754<T> where TOp : ITernary<T>
{
    public static T Of(T a, T b, T c) => Saturating.Clamp(TOp.Of(a, b, c));
}
