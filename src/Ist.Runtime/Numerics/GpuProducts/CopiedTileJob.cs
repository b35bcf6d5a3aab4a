using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A product of large factors: a group of <see cref="CopiedTile.Threads"/> computes 128 x 128 elements, each of its four warps 64 x 64. Tiles of both
/// factors stand in shared memory three times: while one is multiplied, the next two are copied there.
/// </summary>
/// <typeparam name="TFormat">In what is multiplied.</typeparam>
/// <typeparam name="TLeft">How A lies in memory.</typeparam>
/// <typeparam name="TRight">How B does.</typeparam>
/// <param name="target">Receives the sums.</param>
/// <param name="a">The left factor.</param>
/// <param name="b">The right one.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="length">Those of a part, a multiple of a tile's.</param>
[NeedsCapability(8)]
internal readonly struct CopiedTileJob<TFormat, TLeft, TRight>(ProductTarget target, CopiedFactor a, CopiedFactor b, int k, int length) : IGpuJob
    where TFormat : struct, IProductFormat where TLeft : struct, ITileOrder where TRight : struct, ITileOrder
{
    // Of both factors' tiles, and of the last two of three.
    private const uint Stage = 2 * CopiedTile.Bytes, LastStage = 2 * Stage;

    public void Execute()
    {
        int row = Grid.IdxY * CopiedTile.Wide, column = Grid.IdxX * CopiedTile.Wide, begin = Grid.IdxZ * length, end = IntrinsicMath.Min(k, begin + length);
        int warpRow = Group.IdxX >> 6 << 6, warpColumn = ((Group.IdxX >> 5) & 1) << 6;
        uint tiles = TensorCore.Shared(), current = 0, next = LastStage;
        TileCopy copyA = TileCopy.Of<TFormat, TLeft>(a, row, begin, end), copyB = TileCopy.Of<TFormat, TRight>(b, column, begin, end);
        uint left = tiles + TFormat.Left<TLeft>(Lane.Index, warpRow), right = tiles + CopiedTile.Bytes + TFormat.Right<TRight>(Lane.Index, warpColumn);
        WarpSums sums = default;
        copyA.Next<TFormat, TLeft>(tiles);
        copyB.Next<TFormat, TRight>(tiles + CopiedTile.Bytes);
        TensorCore.EndCopies();
        copyA.Next<TFormat, TLeft>(tiles + Stage);
        copyB.Next<TFormat, TRight>(tiles + Stage + CopiedTile.Bytes);
        TensorCore.EndCopies();
        for (int deep = begin; deep < end; deep += TFormat.Terms)
        {
            TensorCore.WaitForAllButLastCopies();
            Group.Barrier();
            // Beyond the end nothing is read, and the tiles are of zeros.
            copyA.Next<TFormat, TLeft>(tiles + next);
            copyB.Next<TFormat, TRight>(tiles + next + CopiedTile.Bytes);
            TensorCore.EndCopies();
            sums = TFormat.Multiply<TLeft, TRight>(sums, left + current, right + current);
            current = current == LastStage ? 0 : current + Stage;
            next = next == LastStage ? 0 : next + Stage;
        }
        TensorCore.WaitForCopies();
        TFormat.Put<TLeft, TRight>(target, sums, row + warpRow, column + warpColumn);
    }
}
