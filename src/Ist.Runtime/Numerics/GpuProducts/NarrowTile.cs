using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A tile of a narrow factor in shared memory, in the order of the factor's lines: four terms for each lane, of some columns. What lanes read at once lies
/// in different banks.
/// </summary>
internal static class NarrowTile
{
    /// <summary>Terms.</summary>
    public const int Terms = 4 * Lane.Count;

    // Quads from one column to the next where terms lie side by side. Where columns do, a lane's are wide + 1 from those of the one before it.
    private const int ColumnQuads = Lane.Count + 1;

    /// <summary>Quads of a tile of so many columns.</summary>
    public static int Quads<TOrder>(int wide) where TOrder : struct, ITileOrder => TOrder.IsDeepFirst ? wide * ColumnQuads : Lane.Count * (wide + 1);

    /// <summary>Four elements side by side.</summary>
    /// <param name="factor">The factor, whose lines lie as TOrder says.</param>
    /// <param name="slot">Which four of the tile.</param>
    /// <param name="column">The tile's first column.</param>
    /// <param name="term">Its first term.</param>
    /// <param name="wide">Its columns.</param>
    public static Quad Fetch<TOrder>(WholeFactor factor, int slot, int column, int term, int wide) where TOrder : struct, ITileOrder => TOrder.IsDeepFirst
        ? factor.Four(column + slot / Lane.Count, term + slot % Lane.Count * 4)
        : factor.Four(term + slot / (wide / 4), column + slot % (wide / 4) * 4);

    /// <summary>Puts them there.</summary>
    public static void Store<TOrder>(Quad value, ArrayView<Quad> tile, int slot, int wide) where TOrder : struct, ITileOrder =>
        tile[TOrder.IsDeepFirst ? slot / Lane.Count * ColumnQuads + slot % Lane.Count : slot + slot / wide] = value;

    /// <summary>The sums with the products of the lane's four terms of four rows.</summary>
    public static TSums Add<TSums, TOrder>(TSums sums, QuadBlock rows, ArrayView<Quad> tile) where TSums : struct, INarrowSums<TSums> where TOrder : struct, ITileOrder
    {
        if (TOrder.IsDeepFirst)
            return sums.With(rows, tile.SubView(Lane.Index), ColumnQuads);
        QuadBlock terms = rows.Turned;
        ArrayView<Quad> own = tile.SubView(Lane.Index * (TSums.Width + 1));
        sums = sums.With<WideRows>(terms.A, own);
        sums = sums.With<WideRows>(terms.B, own.SubView(TSums.Width / 4));
        sums = sums.With<WideRows>(terms.C, own.SubView(TSums.Width / 2));
        return sums.With<WideRows>(terms.D, own.SubView(TSums.Width / 4 * 3));
    }
}
