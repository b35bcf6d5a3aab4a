using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// C = or += alpha A B in F32 where sums have few terms, as h B^T of an adapter: a lane keeps all terms of four columns of B in its registers, and the group's
/// rows of A stand in shared memory. The four warps take the rows in turns. What C has there is on its way eight of a warp's rows ahead, as it is
/// stored: each that was used makes place for the next.
/// </summary>
/// <typeparam name="TOrder">How B lies in memory.</typeparam>
/// <typeparam name="TStored">How C is stored; its rows begin at multiples of four elements and have so many.</typeparam>
/// <typeparam name="TUpdate">Whether C is set or added to.</typeparam>
/// <param name="c">[m, n].</param>
/// <param name="line">Quads from one row of it to the next.</param>
/// <param name="alpha">Scales the sums.</param>
/// <param name="a">The left factor, by rows.</param>
/// <param name="b">The right one.</param>
/// <param name="m">Rows.</param>
/// <param name="n">Columns.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="rows">Rows of a group.</param>
[NeedsCapability(8)]
internal readonly struct FewTermsJob<TOrder, TStored, TUpdate>(
    ArrayView<TStored> c, int line, float alpha, WholeFactor a, WholeFactor b, int m, int n, int k, int rows) : IGpuJob
    where TOrder : struct, ITileOrder where TStored : unmanaged, IStoredQuad<TStored> where TUpdate : struct, IUpdate
{
    /// <summary>Columns of a group.</summary>
    public const int Columns = 4 * Lane.Count;

    /// <summary>Threads of a group.</summary>
    public const int Threads = 128;

    /// <summary>Rows of a group, at most: those of A that its threads fetch, four quads each.</summary>
    public const int MostRows = 4 * FetchedRows;

    /// <summary>Rows of a group are a multiple of it.</summary>
    public const int RowMultiple = FetchedRows;

    private const int Warps = Threads / Lane.Count, Ahead = 8 * Warps, RowQuads = KeptTerms.Count / 4, FetchedRows = Threads / RowQuads;

    public void Execute()
    {
        ArrayView<Quad> tile = SharedMemory.Allocate<float>(MostRows * KeptTerms.Count).Cast<Quad>();
        int first = Grid.IdxY * rows, column = Grid.IdxX * Columns + 4 * Lane.Index, row = Lane.Warp;
        int last = IntrinsicMath.Min(m - first, rows) - 1;
        QuadBlock terms = new() { A = Fetch(first), B = Fetch(first + FetchedRows), C = Fetch(first + 2 * FetchedRows), D = Fetch(first + 3 * FetchedRows) };
        KeptTerms kept = KeptTerms.Read<TOrder>(b, column);
        ArrayView<TStored> columns = c.SubView((long)first * line + column / 4);
        ArrayView<Quad> fetched = tile.SubView(Group.IdxX);
        fetched[0] = terms.A;
        fetched[Threads] = terms.B;
        fetched[2 * Threads] = terms.C;
        fetched[3 * Threads] = terms.D;
        Group.Barrier();
        // The warp's own last row: what others write meanwhile is not read.
        last -= (last - row) & (Warps - 1);
        if (column >= n || row > last)
            return;
        TStored before0 = Before(columns, row, last), before1 = Before(columns, row + Warps, last);
        TStored before2 = Before(columns, row + 2 * Warps, last), before3 = Before(columns, row + 3 * Warps, last);
        TStored before4 = Before(columns, row + 4 * Warps, last), before5 = Before(columns, row + 5 * Warps, last);
        TStored before6 = Before(columns, row + 6 * Warps, last), before7 = Before(columns, row + 7 * Warps, last);
        for (; row + Ahead - Warps <= last; row += Ahead)
        {
            ArrayView<Quad> own = tile.SubView(row * RowQuads);
            before0 = Put(kept.Sums(own), before0, columns, row, last);
            before1 = Put(kept.Sums(own.SubView(Warps * RowQuads)), before1, columns, row + Warps, last);
            before2 = Put(kept.Sums(own.SubView(2 * Warps * RowQuads)), before2, columns, row + 2 * Warps, last);
            before3 = Put(kept.Sums(own.SubView(3 * Warps * RowQuads)), before3, columns, row + 3 * Warps, last);
            before4 = Put(kept.Sums(own.SubView(4 * Warps * RowQuads)), before4, columns, row + 4 * Warps, last);
            before5 = Put(kept.Sums(own.SubView(5 * Warps * RowQuads)), before5, columns, row + 5 * Warps, last);
            before6 = Put(kept.Sums(own.SubView(6 * Warps * RowQuads)), before6, columns, row + 6 * Warps, last);
            before7 = Put(kept.Sums(own.SubView(7 * Warps * RowQuads)), before7, columns, row + 7 * Warps, last);
        }
        for (; row <= last; row += Warps)
            Put(kept.Sums(tile.SubView(row * RowQuads)), Before(columns, row, last), columns, row, last);
    }

    // Four rows of A are fetched by each thread, or what stands beyond the group's, which nobody reads.
    private Quad Fetch(int row)
    {
        int term = Group.IdxX % RowQuads * 4;
        Quad terms = a.Four(row + Group.IdxX / RowQuads, term);
        return term < k ? terms : default;
    }

    // What C has in a row, or in the warp's last one: nothing asks whether it is needed, since a branch would wait for what it reads.
    private TStored Before(ArrayView<TStored> columns, int row, int last) => TUpdate.Adds ? columns[IntrinsicMath.Min(row, last) * line] : default;

    // Gives what C has in the row that the warp puts in its place next.
    private TStored Put(Quad sums, TStored before, ArrayView<TStored> columns, int row, int last)
    {
        sums *= alpha;
        sums = TUpdate.Adds ? before.Widened + sums : sums;
        TStored next = Before(columns, row + Ahead, last);
        columns[row * line] = TStored.Of(sums);
        return next;
    }
}
