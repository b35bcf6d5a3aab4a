using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A product in F32 where C has few columns, as x A^T of an adapter: each of a group's eight warps computes four rows. Its lanes share the terms, four at a
/// time, so A is read once, 128 terms of a row at once, and three tiles ahead. Tiles of B stand in shared memory twice. In the end the lanes' sums are added
/// in a fixed order.
/// </summary>
/// <typeparam name="TSums">A thread's sums.</typeparam>
/// <typeparam name="TOrder">How B lies in memory.</typeparam>
/// <typeparam name="TStored">How A is stored.</typeparam>
/// <param name="target">Receives the sums.</param>
/// <param name="a">The left factor, by rows.</param>
/// <param name="b">The right one.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="length">Those of a part.</param>
[NeedsCapability(8)]
internal readonly struct FewColumnsJob<TSums, TOrder, TStored>(ProductTarget target, CopiedFactor a, WholeFactor b, int k, int length) : IGpuJob
    where TSums : struct, INarrowSums<TSums> where TOrder : struct, ITileOrder where TStored : unmanaged, IStoredQuad<TStored>
{
    /// <summary>Rows of a group.</summary>
    public const int Rows = 4 * ProductPlan.Threads / Lane.Count;

    private const int Terms = NarrowTile.Terms;

    /// <summary>Bytes of shared memory that a launch takes.</summary>
    public static int SharedBytes => LaneCopies<TStored>.Bytes + 8 * Size * sizeof(float);

    // Quads of a tile.
    private static int Size => NarrowTile.Quads<TOrder>(TSums.Width);

    public void Execute()
    {
        ArrayView<Quad> tiles = SharedMemory.GetDynamic<float>().Cast<Quad>().SubView(LaneCopies<TStored>.Bytes / 16, 2 * Size);
        int row = Grid.IdxY * Rows + 4 * Lane.Warp, column = Grid.IdxX * TSums.Width, term = 4 * Lane.Index, current = 0, count = a.Count - row;
        int begin = Grid.IdxZ * length, end = IntrinsicMath.Min(k, begin + length);
        var copies = new LaneCopies<TStored>(a.Address + row * a.Line + (begin + term) / 4 * TStored.Size, a.Line, Terms / 4 * TStored.Size);
        copies.Begin(begin + term < end ? count : 0);
        copies.Begin(begin + Terms + term < end ? count : 0);
        copies.Begin(begin + 2 * Terms + term < end ? count : 0);
        TSums sums = default;
        Store(Fetch(column, begin), tiles);
        Group.Barrier();
        for (int deep = begin; deep < end; deep += Terms)
        {
            // Beyond the end copies are of zeros.
            QuadBlock rows = copies.Take(), next = Fetch(column, deep + Terms);
            copies.Begin(deep + 3 * Terms + term < end ? count : 0);
            sums = NarrowTile.Add<TSums, TOrder>(sums, rows, tiles.SubView(current));
            current = Size - current;
            Store(next, tiles.SubView(current));
            Group.Barrier();
        }
        TensorCore.WaitForCopies();
        int share = Lane.Index * TSums.Width / Lane.Count;
        Quad sum = sums.ShareOfWarp();
        if (Lane.Index % (Lane.Count / TSums.Width) == 0)
            target.Put(sum, row + (share & 3), column + (share & ~3));
    }

    // What a thread has of a tile: two quads or four.
    private QuadBlock Fetch(int column, int deep) => new()
    {
        A = Fetch(0, column, deep),
        B = Fetch(1, column, deep),
        C = TSums.Width > 16 ? Fetch(2, column, deep) : default,
        D = TSums.Width > 16 ? Fetch(3, column, deep) : default,
    };

    private Quad Fetch(int turn, int column, int deep) => NarrowTile.Fetch<TOrder>(b, turn * ProductPlan.Threads + Group.IdxX, column, deep, TSums.Width);

    private static void Store(QuadBlock fetched, ArrayView<Quad> tile)
    {
        Store(0, fetched.A, tile);
        Store(1, fetched.B, tile);
        if (TSums.Width > 16)
        {
            Store(2, fetched.C, tile);
            Store(3, fetched.D, tile);
        }
    }

    private static void Store(int turn, Quad fetched, ArrayView<Quad> tile) =>
        NarrowTile.Store<TOrder>(fetched, tile, turn * ProductPlan.Threads + Group.IdxX, TSums.Width);
}
