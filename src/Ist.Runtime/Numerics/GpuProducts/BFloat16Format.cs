using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>BF16: factors with 8 bits of precision, sums in F32.</summary>
internal readonly struct BFloat16Format : ITensorTileFormat
{
    public static int Size => sizeof(ushort);

    public static int Terms => 32;

    public static bool AddsApart => false;

    public static int PieceBits => 4;

    // Eight lines are read at once, a piece of each.
    public static int Exchange(int line) => line & 7;

    // Matrices 0 and 1 are the first eight terms of both eights of rows, 2 and 3 the next eight terms.
    public static uint LeftAcross<TLeft>(int lane, int row) where TLeft : struct, ITileOrder =>
        CopiedTile.Place<TensorWarp<BFloat16Format>, TLeft>((lane & 7) + (lane >> 4 << 3), (row >> 3) + ((lane >> 3) & 1));

    // Matrices 0 and 1 are both eights of terms of the first eight columns.
    public static uint RightAcross<TRight>(int lane, int column) where TRight : struct, ITileOrder =>
        CopiedTile.Place<TensorWarp<BFloat16Format>, TRight>(lane & 15, (column >> 3) + (lane >> 4));

    public static Fragment LoadLeftAcross(uint at) => TensorCore.LoadTransposedMatrices(at);

    public static Fragment LoadRightAcross(uint at) => TensorCore.LoadTransposedMatrices(at);

    public static void Store(Quad values, uint at) => TensorCore.Store(at, TensorCore.BFloat16(values.X, values.Y), TensorCore.BFloat16(values.Z, values.W));

    public static uint LineLane(int lane, uint line) => (uint)(lane & 15) * line + (uint)(lane >> 4 << 4);

    public static Fragment LoadLines(uint at, uint line) => TensorCore.LoadTransposedMatrices(at);

    public static Fragment Rounded(Quad first, Quad second) => new(
        TensorCore.BFloat16(first.X, first.Y), TensorCore.BFloat16(first.Z, first.W), TensorCore.BFloat16(second.X, second.Y), TensorCore.BFloat16(second.Z, second.W));

    public static QuadBlock Multiply(QuadBlock sums, Fragment a, Fragment first, Fragment second) => TensorCore.MultiplyBFloat16(sums, a, first, second);
}
