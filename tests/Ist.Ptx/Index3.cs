namespace Ist.Ptx;

/// <summary>An index or extent in three dimensions; X runs fastest.</summary>
public readonly record struct Index3(int X, int Y = 1, int Z = 1)
{
    /// <summary>Elements of an extent.</summary>
    public long Count => (long)X * Y * Z;

    /// <summary>The index of element <paramref name="linear"/> of this extent.</summary>
    public Index3 At(long linear) => new((int)(linear % X), (int)(linear / X % Y), (int)(linear / X / Y));

    /// <inheritdoc/>
    public override string ToString() => $"({X}, {Y}, {Z})";
}
