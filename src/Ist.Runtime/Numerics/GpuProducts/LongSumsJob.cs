using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A product in F32 where C has few rows or columns and both factors have terms one below the other, as the gradients of an adapter: sums over all
/// rows. A group computes 128 rows or columns of the wide factor, four a lane; its eight warps share the terms, each every eighth, so the wide factor is
/// read once, 128 elements of a line at once, and twelve terms of a warp ahead. Tiles of the narrow one stand in shared memory twice. In the end the warps' sums are
/// added in their order.
/// </summary>
/// <typeparam name="TSums">A thread's sums.</typeparam>
/// <typeparam name="TSide">Which factor is wide.</typeparam>
/// <typeparam name="TStored">How it is stored.</typeparam>
/// <param name="target">Receives the sums.</param>
/// <param name="wide">The wide factor, by terms.</param>
/// <param name="narrow">The narrow one, by terms.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="length">Those of a part.</param>
[NeedsCapability(8)]
internal readonly struct LongSumsJob<TSums, TSide, TStored>(ProductTarget target, CopiedFactor wide, WholeFactor narrow, int k, int length) : IGpuJob
    where TSums : struct, INarrowSums<TSums> where TSide : struct, IWideSide where TStored : unmanaged, IStoredQuad<TStored>
{
    /// <summary>Rows or columns of the wide factor that a group has.</summary>
    public const int Wide = 4 * Lane.Count;

    private const int Warps = ProductPlan.Threads / Lane.Count, Ahead = 4 * Warps;

    /// <summary>Bytes of shared memory that a launch takes.</summary>
    public static int SharedBytes => LaneCopies<TStored>.Bytes + 2 * Size * sizeof(float);

    // Of a tile: each thread copies four values of it.
    private static int Terms => 4 * ProductPlan.Threads / TSums.Width;

    private static int Size => Terms * TSums.Width;

    public void Execute()
    {
        ArrayView<Quad> shared = SharedMemory.GetDynamic<float>().Cast<Quad>(), tiles = shared.SubView(LaneCopies<TStored>.Bytes / 16, 2 * Size / 4);
        int across = Grid.IdxX * Wide + 4 * Lane.Index, first = Grid.IdxY * TSums.Width, current = 0;
        int begin = Grid.IdxZ * length, end = IntrinsicMath.Min(k, begin + length), ahead = across < wide.Count ? begin + Lane.Warp : end;
        var copies = new LaneCopies<TStored>(wide.Address + (begin + Lane.Warp) * wide.Line + across / 4 * TStored.Size, Warps * wide.Line, Ahead * wide.Line);
        copies.Begin(Left(ahead, end));
        copies.Begin(Left(ahead + Ahead, end));
        copies.Begin(Left(ahead + 2 * Ahead, end));
        TSums sums = default;
        tiles[Group.IdxX] = Fetch(first, begin);
        Group.Barrier();
        for (int deep = begin; deep < end; deep += Terms)
        {
            Quad next = Fetch(first, deep + Terms);
            for (int at = Lane.Warp; at < Terms; at += Ahead)
            {
                // Beyond the end copies are of zeros.
                QuadBlock terms = copies.Take();
                copies.Begin(Left(ahead + 3 * Ahead, end));
                ahead += Ahead;
                ArrayView<Quad> tile = tiles.SubView((current + at * TSums.Width) / 4);
                sums = sums.With<TSide>(terms.A, tile);
                sums = sums.With<TSide>(terms.B, tile.SubView(Warps * TSums.Width / 4));
                sums = sums.With<TSide>(terms.C, tile.SubView(2 * Warps * TSums.Width / 4));
                sums = sums.With<TSide>(terms.D, tile.SubView(3 * Warps * TSums.Width / 4));
            }
            current = Size - current;
            tiles[current / 4 + Group.IdxX] = next;
            Group.Barrier();
        }
        TensorCore.WaitForCopies();
        Group.Barrier();
        for (int i = 0; i < TSums.Width / 4; i++)
            Join(sums[i], shared, across, first + 4 * i);
    }

    // What a thread has of a tile.
    private Quad Fetch(int first, int deep) => narrow.Four(deep + Group.IdxX / (TSums.Width / 4), first + Group.IdxX % (TSums.Width / 4) * 4);

    // Of the warp's four terms from one on, every eighth, so many are there.
    private static int Left(int term, int end) => (end - term + Warps - 1) / Warps;

    // The first four warps add up a quad each.
    private void Join(QuadBlock sums, ArrayView<Quad> shared, int across, int first)
    {
        ArrayView<Quad> own = shared.SubView(Group.IdxX);
        own[0] = sums.A;
        own[ProductPlan.Threads] = sums.B;
        own[2 * ProductPlan.Threads] = sums.C;
        own[3 * ProductPlan.Threads] = sums.D;
        Group.Barrier();
        int quad = Lane.Warp;
        if (quad < 4)
        {
            int from = quad * ProductPlan.Threads + Lane.Index;
            Quad sum = shared[from];
            for (int warp = 1; warp < Warps; warp++)
                sum += shared[from + warp * Lane.Count];
            TSide.Put(target, sum, quad, across, first);
        }
        Group.Barrier();
    }
}
