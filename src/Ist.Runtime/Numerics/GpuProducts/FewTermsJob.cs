using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A product in F32 whose sums have few terms, as h B^T of an adapter: a lane keeps all terms of four columns of B in its registers. The four warps of a group
/// take the rows in turns, four at a time; what C has there is read before they are multiplied. Tiles of A stand in shared memory twice.
/// </summary>
/// <typeparam name="TOrder">How B lies in memory.</typeparam>
/// <param name="target">Receives the sums.</param>
/// <param name="a">The left factor, by rows.</param>
/// <param name="b">The right one.</param>
/// <param name="m">Rows.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="rows">Rows of a group.</param>
internal readonly struct FewTermsJob<TOrder>(ProductTarget target, WholeFactor a, WholeFactor b, int m, int k, int rows) : IGpuJob
    where TOrder : struct, ITileOrder
{
    /// <summary>Columns of a group.</summary>
    public const int Columns = 4 * Lane.Count;

    /// <summary>Threads of a group.</summary>
    public const int Threads = 128;

    /// <summary>Rows of a tile, of which those of a group are a multiple: each thread copies four values of it.</summary>
    public const int TileRows = 4 * Threads / KeptTerms.Count;

    private const int Warps = Threads / Lane.Count, AtOnce = 4 * Warps, Size = TileRows * KeptTerms.Count;

    public void Execute()
    {
        ArrayView<Quad> tiles = SharedMemory.Allocate<float>(2 * Size).Cast<Quad>();
        int column = Grid.IdxX * Columns + 4 * Lane.Index, current = 0;
        int begin = Grid.IdxY * rows, end = IntrinsicMath.Min(m, begin + rows);
        tiles[Group.IdxX] = Fetch(begin);
        KeptTerms kept = KeptTerms.Read<TOrder>(b, column);
        Group.Barrier();
        for (int row = begin; row < end; row += TileRows)
        {
            Quad next = Fetch(row + TileRows);
            for (int at = Lane.Warp; at < TileRows; at += AtOnce)
            {
                QuadBlock before = target.Before(row + at, column, Warps);
                ArrayView<Quad> tile = tiles.SubView((current + at * KeptTerms.Count) / 4);
                QuadBlock sums = new()
                {
                    A = kept.Sums(tile),
                    B = kept.Sums(tile.SubView(Warps * KeptTerms.Count / 4)),
                    C = kept.Sums(tile.SubView(2 * Warps * KeptTerms.Count / 4)),
                    D = kept.Sums(tile.SubView(3 * Warps * KeptTerms.Count / 4)),
                };
                target.Put(sums, before, row + at, column, Warps);
            }
            current = Size - current;
            tiles[current / 4 + Group.IdxX] = next;
            Group.Barrier();
        }
    }

    private Quad Fetch(int row)
    {
        int term = Group.IdxX % (KeptTerms.Count / 4) * 4;
        Quad terms = a.Four(row + Group.IdxX / (KeptTerms.Count / 4), term);
        return term < k ? terms : default;
    }
}
