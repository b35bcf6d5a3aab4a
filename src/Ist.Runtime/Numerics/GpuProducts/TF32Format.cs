using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>TF32: factors with the exponent of F32 and 11 bits of precision, sums in F32.</summary>
internal readonly struct TF32Format : ITensorTileFormat
{
    // From a line of a tile [terms, 128] to the one four terms on, and from a value to the one eight rows or columns on.
    private const uint FourTerms = 4 * CopiedTile.Wide * sizeof(float), Eight = 8 * sizeof(float);

    public static int Size => sizeof(float);

    public static int Terms => 16;

    public static bool AddsApart => false;

    public static int PieceBits => 5;

    // Two pieces of four lines are read at once.
    public static int Exchange(int line) => (line & 3) << 1;

    public static uint LeftAcross<TLeft>(int lane, int row) where TLeft : struct, ITileOrder => Value<TLeft>(lane, row);

    public static uint RightAcross<TRight>(int lane, int column) where TRight : struct, ITileOrder => Value<TRight>(lane, column);

    // Values of 32 bits can't be transposed by ldmatrix.
    public static Fragment LoadLeftAcross(uint at) =>
        new(TensorCore.Load(at), TensorCore.Load(at ^ Eight), TensorCore.Load(at + FourTerms), TensorCore.Load((at ^ Eight) + FourTerms));

    public static Fragment LoadRightAcross(uint at) =>
        new(TensorCore.Load(at), TensorCore.Load(at + FourTerms), TensorCore.Load(at ^ Eight), TensorCore.Load((at ^ Eight) + FourTerms));

    public static void Store(Quad values, uint at) =>
        TensorCore.Store(at, TensorCore.TF32(values.X), TensorCore.TF32(values.Y), TensorCore.TF32(values.Z), TensorCore.TF32(values.W));

    // A thread has sums of two columns side by side: the first is its term of the first half of the terms, the second that of the second half.
    public static uint LineLane(int lane, uint line) => (uint)((lane & 3) << 1) * line + (uint)((lane >> 2) * sizeof(float));

    public static Fragment LoadLines(uint at, uint line) =>
        new(TensorCore.Load(at), TensorCore.Load(at + line), TensorCore.Load(at + Eight), TensorCore.Load(at + line + Eight));

    public static Fragment Rounded(Quad first, Quad second) =>
        new(TensorCore.TF32(first.X), TensorCore.TF32(first.Z), TensorCore.TF32(first.Y), TensorCore.TF32(first.W));

    public static QuadBlock Multiply(QuadBlock sums, Fragment a, Fragment first, Fragment second) => TensorCore.MultiplyTF32(sums, a, first, second);

    private static uint Value<TOrder>(int lane, int across) where TOrder : struct, ITileOrder =>
        CopiedTile.Place<TensorWarp<TF32Format>, TOrder>(lane & 3, (across >> 2) + (lane >> 4)) + (uint)(((lane >> 2) & 3) * sizeof(float));
}
