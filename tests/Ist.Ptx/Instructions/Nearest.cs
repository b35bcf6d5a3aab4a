using System.Numerics;

namespace Ist.Ptx.Instructions;

/// <summary>A whole number as the nearest floating-point number.</summary>
internal readonly struct Nearest<TFrom, TTo> : IMixed<TFrom, TTo> where TFrom : INumberBase<TFrom> where TTo : INumberBase<TTo>
{
    public static TTo Of(TFrom a) => TTo.CreateTruncating(a);
}
