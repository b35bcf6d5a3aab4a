using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A product on tensor cores: a group of <see cref="ProductPlan.Threads"/> computes 128 x 128 elements, each of its eight warps 64 x 32. Tiles
/// of both factors, rounded, stand in shared memory twice: while one is multiplied, the next is copied there, or read into registers, from
/// where it is rounded.
/// </summary>
/// <typeparam name="TFormat">What is multiplied.</typeparam>
/// <typeparam name="TLeft">How A lies in memory.</typeparam>
/// <typeparam name="TRight">How B does.</typeparam>
/// <param name="target">Receives the sums.</param>
/// <param name="a">The left factor.</param>
/// <param name="b">The right one.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="length">Those of a part, a multiple of a tile's.</param>
[NeedsCapability(8)]
internal readonly struct TensorJob<TFormat, TLeft, TRight>(ProductTarget target, ProductOperand a, CopiedOperand b, int k, int length) : IGpuJob
    where TFormat : struct, ITensorFormat where TLeft : struct, ITileOrder where TRight : struct, ITileOrder
{
    private const int Wide = TensorTile.Wide, Threads = ProductPlan.Threads;

    // Of both factors' tiles.
    private const uint Stage = 2 * TensorTile.Bytes;

    public void Execute()
    {
        int row = Grid.IdxY * Wide, column = Grid.IdxX * Wide, begin = Grid.IdxZ * length, end = IntrinsicMath.Min(k, begin + length);
        int firstRow = Lane.Warp / 4 * 64, firstColumn = Lane.Warp % 4 * 32;
        uint tiles = TensorCore.Shared(), current = 0;
        uint stepA = TensorTile.AcrossStep<TFormat, TLeft>(), stepB = TensorTile.AcrossStep<TFormat, TRight>();
        uint left = tiles + TensorTile.Lane<TFormat, TLeft>(Lane.Index) + (uint)firstRow / 16 * stepA;
        uint right = tiles + TensorTile.Bytes + TensorTile.Lane<TFormat, TRight>(Lane.Index) + (uint)firstColumn / 16 * stepB;
        QuadBlock sums0 = default, sums1 = default, sums2 = default, sums3 = default;
        for (int deep = begin - TFormat.Terms; deep < end; deep += TFormat.Terms)
        {
            // Beyond the end there is nothing to read, and the last tile is of zeros.
            uint next = Stage - current;
            QuadBlock nextB = FetchB(tiles + next, column, deep + TFormat.Terms, end), nextA = Fetch(a, row, deep + TFormat.Terms, end);
            uint atA = left + current, atB = right + current;
            for (int half = 0; half < 2 && deep >= begin; half++)
            {
                Multiply(atA, atB, stepA, stepB, ref sums0, ref sums1, ref sums2, ref sums3);
                atA += TensorTile.DeepStep<TFormat, TLeft>();
                atB += TensorTile.DeepStep<TFormat, TRight>();
            }
            Store<TLeft>(nextA, tiles + next);
            StoreB(nextB, tiles + next);
            Group.Barrier();
            current = next;
        }
        row += firstRow;
        column += firstColumn;
        Put(sums0, row, column);
        Put(sums1, row + 16, column);
        Put(sums2, row + 32, column);
        Put(sums3, row + 48, column);
    }

    // 64 x 32 sums over half of a tile's terms.
    private static void Multiply(
        uint left, uint right, uint stepA, uint stepB, ref QuadBlock sums0, ref QuadBlock sums1, ref QuadBlock sums2, ref QuadBlock sums3)
    {
        Fragment b0 = TensorTile.Load<TFormat, TRight>(right), b1 = TensorTile.Load<TFormat, TRight>(right + stepB);
        sums0 = TFormat.Multiply(sums0, TensorTile.Load<TFormat, TLeft>(left), b0, b1);
        sums1 = TFormat.Multiply(sums1, TensorTile.Load<TFormat, TLeft>(left + stepA), b0, b1);
        sums2 = TFormat.Multiply(sums2, TensorTile.Load<TFormat, TLeft>(left + 2 * stepA), b0, b1);
        sums3 = TFormat.Multiply(sums3, TensorTile.Load<TFormat, TLeft>(left + 3 * stepA), b0, b1);
    }

    private QuadBlock FetchB(uint tiles, int column, int deep, int end)
    {
        if (!b.IsCopied)
            return Fetch(b.Values, column, deep, end);
        b.Copy<TFormat, TRight>(tiles + TensorTile.Bytes, Group.IdxX, column, deep, end);
        b.Copy<TFormat, TRight>(tiles + TensorTile.Bytes, Group.IdxX + Threads, column, deep, end);
        return default;
    }

    private static QuadBlock Fetch(ProductOperand operand, int across, int deep, int end)
    {
        QuadBlock values = default;
        values.A = operand.Fetch(Group.IdxX, across, deep, end, Wide, TFormat.Terms);
        values.B = operand.Fetch(Group.IdxX + Threads, across, deep, end, Wide, TFormat.Terms);
        if (TFormat.Terms == 32)
        {
            values.C = operand.Fetch(Group.IdxX + 2 * Threads, across, deep, end, Wide, TFormat.Terms);
            values.D = operand.Fetch(Group.IdxX + 3 * Threads, across, deep, end, Wide, TFormat.Terms);
        }
        return values;
    }

    private void StoreB(QuadBlock values, uint tiles)
    {
        if (b.IsCopied)
            TensorCore.WaitForCopies();
        else
            Store<TRight>(values, tiles + TensorTile.Bytes);
    }

    private static void Store<TOrder>(QuadBlock values, uint tile) where TOrder : struct, ITileOrder
    {
        TensorTile.Store<TFormat, TOrder>(values.A, tile, Group.IdxX);
        TensorTile.Store<TFormat, TOrder>(values.B, tile, Group.IdxX + Threads);
        if (TFormat.Terms == 32)
        {
            TensorTile.Store<TFormat, TOrder>(values.C, tile, Group.IdxX + 2 * Threads);
            TensorTile.Store<TFormat, TOrder>(values.D, tile, Group.IdxX + 3 * Threads);
        }
    }

    // 16 x 32 sums.
    private void Put(QuadBlock sums, int row, int column)
    {
        Put(sums.A, row, column);
        Put(sums.B, row, column + 8);
        Put(sums.C, row, column + 16);
        Put(sums.D, row, column + 24);
    }

    private void Put(Quad sums, int row, int column) =>
        target.Put(TensorCore.SideBySide(sums), row + Lane.Index / 4 + Lane.Index % 2 * 8, column + Lane.Index % 4 / 2 * 4);
}
