using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>All terms of four columns of a right factor that has few, in a thread's registers.</summary>
internal readonly struct KeptTerms(QuadBlock t0, QuadBlock t1, QuadBlock t2, QuadBlock t3)
{
    /// <summary>Terms.</summary>
    public const int Count = 16;

    /// <summary>Reads them.</summary>
    /// <param name="b">The factor, whose lines lie as TOrder says.</param>
    /// <param name="column">The first column.</param>
    public static KeptTerms Read<TOrder>(WholeFactor b, int column) where TOrder : struct, ITileOrder => new(
        Four<TOrder>(b, column, 0), Four<TOrder>(b, column, 4), Four<TOrder>(b, column, 8), Four<TOrder>(b, column, 12));

    /// <summary>The sums of a row, in the order of the terms.</summary>
    /// <param name="row">The row's terms.</param>
    public Quad Sums(ArrayView<Quad> row) => With(t3, row[3], With(t2, row[2], With(t1, row[1], With(t0, row[0], default))));

    private static Quad With(QuadBlock terms, Quad row, Quad sums) => Quad.MultiplyAdd(
        terms.D, row.W, Quad.MultiplyAdd(terms.C, row.Z, Quad.MultiplyAdd(terms.B, row.Y, Quad.MultiplyAdd(terms.A, row.X, sums))));

    private static QuadBlock Four<TOrder>(WholeFactor b, int column, int term) where TOrder : struct, ITileOrder =>
        TOrder.IsDeepFirst ? b.Four(column, 1, term).Turned : b.Four(term, 1, column);
}
