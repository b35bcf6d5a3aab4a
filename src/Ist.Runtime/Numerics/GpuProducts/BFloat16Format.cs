using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>BF16: factors with 8 bits of precision, sums in F32.</summary>
internal readonly struct BFloat16Format : ITensorFormat
{
    public static int Terms => 32;

    public static void Store(Quad values, uint at) =>
        TensorCore.Store(at, TensorCore.BFloat16(values.X, values.Y), TensorCore.BFloat16(values.Z, values.W));

    // Matrices 0 and 1 are the first eight terms of both eights of rows, 2 and 3 the next eight terms.
    public static uint Lane(int lane) => LineLane(lane, (uint)TensorTile.Line(Terms));

    public static uint LineLane(int lane, uint line) => (uint)(lane % 8 + lane / 16 * 8) * line + (uint)(lane / 8 % 2 * 16);

    public static Fragment Load(uint at) => TensorCore.LoadTransposedMatrices(at);

    public static Fragment LoadLines(uint at, uint line) => TensorCore.LoadTransposedMatrices(at);

    public static Fragment Rounded(Quad first, Quad second) => new(
        TensorCore.BFloat16(first.X, first.Y), TensorCore.BFloat16(first.Z, first.W), TensorCore.BFloat16(second.X, second.Y), TensorCore.BFloat16(second.Z, second.W));

    public static QuadBlock Multiply(QuadBlock sums, Fragment a, Fragment first, Fragment second) => TensorCore.MultiplyBFloat16(sums, a, first, second);
}
