using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Tensor cores, whatever they multiply: a thread reads fragments of 16 rows or columns.</summary>
/// <typeparam name="TFormat">What they multiply.</typeparam>
internal readonly struct TensorWarp<TFormat> : IProductFormat where TFormat : struct, ITensorTileFormat
{
    public static int Size => TFormat.Size;

    public static int Terms => TFormat.Terms;

    public static int PieceBits => TFormat.PieceBits;

    public static int Exchange(int line) => TFormat.Exchange(line);

    public static uint Left<TLeft>(int lane, int row) where TLeft : struct, ITileOrder =>
        // Matrices 0 and 1 are the first 16 bytes of both eights of rows, 2 and 3 the next 16.
        TLeft.IsDeepFirst ? CopiedTile.Place<TensorWarp<TFormat>, TLeft>(row + (lane & 15), lane >> 4) : TFormat.LeftAcross<TLeft>(lane, row);

    public static uint Right<TRight>(int lane, int column) where TRight : struct, ITileOrder =>
        // Matrices 0 and 1 are both 16 bytes of the first eight columns, which the tensor core wants side by side, 2 and 3 those of the next eight.
        TRight.IsDeepFirst ? CopiedTile.Place<TensorWarp<TFormat>, TRight>(column + (lane & 7) + (lane >> 4 << 3), (lane >> 3) & 1) : TFormat.RightAcross<TRight>(lane, column);

    public static WarpSums Multiply<TLeft, TRight>(WarpSums sums, uint left, uint right) where TLeft : struct, ITileOrder where TRight : struct, ITileOrder =>
        MultiplyHalf<TLeft, TRight>(MultiplyHalf<TLeft, TRight>(sums, left, right), SecondHalf<TLeft>(left), SecondHalf<TRight>(right));

    // A row of 16 x 32 sums is in each of the first four blocks, and of the columns beside them in the others.
    public static void Put<TLeft, TRight>(ProductTarget target, WarpSums sums, int row, int column) where TLeft : struct, ITileOrder where TRight : struct, ITileOrder
    {
        Put(target, sums.A, row, column);
        Put(target, sums.B, row + 16, column);
        Put(target, sums.C, row + 32, column);
        Put(target, sums.D, row + 48, column);
        Put(target, sums.E, row, column + 32);
        Put(target, sums.F, row + 16, column + 32);
        Put(target, sums.G, row + 32, column + 32);
        Put(target, sums.H, row + 48, column + 32);
    }

    private static WarpSums MultiplyHalf<TLeft, TRight>(WarpSums sums, uint left, uint right) where TLeft : struct, ITileOrder where TRight : struct, ITileOrder
    {
        Fragment b0 = LoadRight<TRight>(right, 0), b1 = LoadRight<TRight>(right, 1), b2 = LoadRight<TRight>(right, 2), b3 = LoadRight<TRight>(right, 3);
        Fragment a = LoadLeft<TLeft>(left, 0);
        sums.A = TFormat.Multiply(sums.A, a, b0, b1);
        sums.E = TFormat.Multiply(sums.E, a, b2, b3);
        a = LoadLeft<TLeft>(left, 1);
        sums.B = TFormat.Multiply(sums.B, a, b0, b1);
        sums.F = TFormat.Multiply(sums.F, a, b2, b3);
        a = LoadLeft<TLeft>(left, 2);
        sums.C = TFormat.Multiply(sums.C, a, b0, b1);
        sums.G = TFormat.Multiply(sums.G, a, b2, b3);
        a = LoadLeft<TLeft>(left, 3);
        sums.D = TFormat.Multiply(sums.D, a, b0, b1);
        sums.H = TFormat.Multiply(sums.H, a, b2, b3);
        return sums;
    }

    private static Fragment LoadLeft<TLeft>(uint at, uint steps) where TLeft : struct, ITileOrder =>
        TLeft.IsDeepFirst ? TensorCore.LoadMatrices(Across<TLeft>(at, steps)) : TFormat.LoadLeftAcross(Across<TLeft>(at, steps));

    private static Fragment LoadRight<TRight>(uint at, uint steps) where TRight : struct, ITileOrder =>
        TRight.IsDeepFirst ? TensorCore.LoadMatrices(Across<TRight>(at, steps)) : TFormat.LoadRightAcross(Across<TRight>(at, steps));

    // Where the rows or columns stand that are so many times 16 further on.
    private static uint Across<TOrder>(uint at, uint steps) where TOrder : struct, ITileOrder =>
        TOrder.IsDeepFirst ? at + steps * 16 * CopiedTile.Deep : at ^ (steps * 16 * (uint)TFormat.Size);

    private static uint SecondHalf<TOrder>(uint at) where TOrder : struct, ITileOrder => TOrder.IsDeepFirst ? at ^ (CopiedTile.Deep / 2) : at + CopiedTile.Bytes / 2;

    private static void Put(ProductTarget target, QuadBlock sums, int row, int column)
    {
        Put(target, sums.A, row, column);
        Put(target, sums.B, row, column + 8);
        Put(target, sums.C, row, column + 16);
        Put(target, sums.D, row, column + 24);
    }

    private static void Put(ProductTarget target, Quad sums, int row, int column)
    {
        int lane = Lane.Index;
        target.Put(TensorCore.SideBySide(sums), row + (lane >> 2) + ((lane & 1) << 3), column + (lane & 2) * 2);
    }
}
