using System.Numerics;

namespace Ist.Ptx.Instructions;

internal readonly struct Equal<T> : ICompare<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a == b;
}

internal readonly struct NotEqual<T> : ICompare<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a != b && !T.IsNaN(a) && !T.IsNaN(b);
}

internal readonly struct Less<T> : ICompare<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a < b;
}

internal readonly struct LessOrEqual<T> : ICompare<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a <= b;
}

internal readonly struct Greater<T> : ICompare<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a > b;
}

internal readonly struct GreaterOrEqual<T> : ICompare<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => a >= b;
}

/// <summary>Both are numbers.</summary>
internal readonly struct Numbers<T> : ICompare<T> where T : INumber<T>
{
    public static bool Of(T a, T b) => !T.IsNaN(a) && !T.IsNaN(b);
}

/// <summary>Holds where one is no number, too.</summary>
internal readonly struct OrUnordered<T, TOp> : ICompare<T> where T : INumber<T> where TOp : ICompare<T>
{
    public static bool Of(T a, T b) => T.IsNaN(a) || T.IsNaN(b) || TOp.Of(a, b);
}

/// <summary>Never, so that with <see cref="OrUnordered{T, TOp}"/>: one is no number.</summary>
internal readonly struct Never<T> : ICompare<T>
{
    public static bool Of(T a, T b) => false;
}
