using System.Numerics;

namespace Ist.Ptx.Instructions;

/// <summary>.ftz: subnormal numbers become 0 of their sign, before and after.</summary>
internal static class Flushing
{
    public static T Flush<T>(T a) where T : IFloatingPointIeee754<T> => T.IsSubnormal(a) ? T.CopySign(T.Zero, a) : a;
}

internal readonly struct FlushedUnary<T, TOp> : IUnary<T> where T : IFloatingPointIeee754<T> where TOp : IUnary<T>
{
    public static T Of(T a) => Flushing.Flush(TOp.Of(Flushing.Flush(a)));
}

internal readonly struct FlushedBinary<T, TOp> : IBinary<T> where T : IFloatingPointIeee754<T> where TOp : IBinary<T>
{
    public static T Of(T a, T b) => Flushing.Flush(TOp.Of(Flushing.Flush(a), Flushing.Flush(b)));
}

internal readonly struct FlushedTernary<T, TOp> : ITernary<T> where T : IFloatingPointIeee754<T> where TOp : ITernary<T>
{
    public static T Of(T a, T b, T c) => Flushing.Flush(TOp.Of(Flushing.Flush(a), Flushing.Flush(b), Flushing.Flush(c)));
}

internal readonly struct FlushedCompare<T, TOp> : ICompare<T> where T : IFloatingPointIeee754<T> where TOp : ICompare<T>
{
    public static bool Of(T a, T b) => TOp.Of(Flushing.Flush(a), Flushing.Flush(b));
}
