using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// F32 without tensor cores. A thread has eight rows of its warp and sixteen columns, in four groups of four that lie side by side; it reads four terms at
/// a time of its rows, and then of one group after the other. Every element is summed in the order of its terms.
/// </summary>
internal readonly struct SingleFormat : IProductFormat
{
    // From one term to the next and from four to the next four in a tile [terms, 128].
    private const uint Term = CopiedTile.Wide * sizeof(float), FourTerms = 4 * Term;

    // Between a thread's rows in a tile [128, terms], and its groups of columns there.
    private const uint Rows = 8 * CopiedTile.Deep, Columns = 16 * CopiedTile.Deep;

    public static int Size => sizeof(float);

    public static int Terms => 16;

    public static int PieceBits => 5;

    public static int Exchange(int line) => (line & 3) << 1;

    public static uint Left<TLeft>(int lane, int row) where TLeft : struct, ITileOrder => TLeft.IsDeepFirst
        ? CopiedTile.Place<SingleFormat, TLeft>(row + (lane >> 2), 0)
        : CopiedTile.Place<SingleFormat, TLeft>(0, (row >> 2) + (lane >> 2));

    public static uint Right<TRight>(int lane, int column) where TRight : struct, ITileOrder => TRight.IsDeepFirst
        ? CopiedTile.Place<SingleFormat, TRight>(column + ((lane & 3) << 2), 0)
        : CopiedTile.Place<SingleFormat, TRight>(0, (column >> 2) + (lane & 3));

    public static WarpSums Multiply<TLeft, TRight>(WarpSums sums, uint left, uint right) where TLeft : struct, ITileOrder where TRight : struct, ITileOrder
    {
        for (uint four = 0; four < 4; four++)
        {
            uint at = TRight.IsDeepFirst ? right ^ (four << 4) : right + four * FourTerms, from = TLeft.IsDeepFirst ? left ^ (four << 4) : left + four * FourTerms;
            QuadBlock upper = TLeft.IsDeepFirst ? RowsOf(from) : Turned(from), lower = TLeft.IsDeepFirst ? RowsOf(from + 4 * Rows) : Turned(from ^ 128);
            QuadBlock columns = TRight.IsDeepFirst ? ColumnsOf(at) : Turned(at);
            sums.A = sums.A.WithDots(upper, columns);
            sums.E = sums.E.WithDots(lower, columns);
            columns = TRight.IsDeepFirst ? ColumnsOf(at + Columns) : Turned(at ^ 64);
            sums.B = sums.B.WithDots(upper, columns);
            sums.F = sums.F.WithDots(lower, columns);
            columns = TRight.IsDeepFirst ? ColumnsOf(at + 2 * Columns) : Turned(at ^ 128);
            sums.C = sums.C.WithDots(upper, columns);
            sums.G = sums.G.WithDots(lower, columns);
            columns = TRight.IsDeepFirst ? ColumnsOf(at + 3 * Columns) : Turned(at ^ 192);
            sums.D = sums.D.WithDots(upper, columns);
            sums.H = sums.H.WithDots(lower, columns);
        }
        return sums;
    }

    public static void Put<TLeft, TRight>(ProductTarget target, WarpSums sums, int row, int column) where TLeft : struct, ITileOrder where TRight : struct, ITileOrder
    {
        int lane = Lane.Index, stride = TLeft.IsDeepFirst ? 8 : 1;
        int upper = row + (TLeft.IsDeepFirst ? lane >> 2 : lane >> 2 << 2), lower = upper + 32, at = column + ((lane & 3) << 2);
        target.Put(sums.A, upper, at, stride);
        target.Put(sums.B, upper, at + 16, stride);
        target.Put(sums.C, upper, at + 32, stride);
        target.Put(sums.D, upper, at + 48, stride);
        target.Put(sums.E, lower, at, stride);
        target.Put(sums.F, lower, at + 16, stride);
        target.Put(sums.G, lower, at + 32, stride);
        target.Put(sums.H, lower, at + 48, stride);
    }

    // Four terms of four rows, 8 apart: those of every other eight rows have their pieces exchanged once more.
    private static QuadBlock RowsOf(uint at) => new()
    {
        A = TensorCore.LoadQuad(at),
        B = TensorCore.LoadQuad((at ^ 16) + Rows),
        C = TensorCore.LoadQuad(at + 2 * Rows),
        D = TensorCore.LoadQuad((at ^ 16) + 3 * Rows),
    };

    // Four terms of four columns side by side: those of every other two have their pieces exchanged.
    private static QuadBlock ColumnsOf(uint at) => new()
    {
        A = TensorCore.LoadQuad(at),
        B = TensorCore.LoadQuad(at + CopiedTile.Deep),
        C = TensorCore.LoadQuad((at ^ 16) + 2 * CopiedTile.Deep),
        D = TensorCore.LoadQuad((at ^ 16) + 3 * CopiedTile.Deep),
    };

    // Four terms of four rows or columns side by side, of which four stand together for each term.
    private static QuadBlock Turned(uint at) => new QuadBlock
    {
        A = TensorCore.LoadQuad(at),
        B = TensorCore.LoadQuad((at ^ 32) + Term),
        C = TensorCore.LoadQuad((at ^ 64) + 2 * Term),
        D = TensorCore.LoadQuad((at ^ 96) + 3 * Term),
    }.Turned;
}
