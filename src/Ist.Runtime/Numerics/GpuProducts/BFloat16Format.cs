using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>BF16: factors with 8 bits of precision, sums in F32.</summary>
internal readonly struct BFloat16Format : ITensorFormat
{
    public static int Terms => 32;

    public static void Store(Quad values, uint at) =>
        TensorCore.Store(at, TensorCore.BFloat16(values.X, values.Y), TensorCore.BFloat16(values.Z, values.W));

    // Matrices 0 and 1 are the first eight terms of both eights of rows, 2 and 3 the next eight terms.
    public static uint Lane(int lane) => (uint)((lane % 8 + lane / 16 * 8) * TensorTile.Line(Terms) + lane / 8 % 2 * 16);

    public static Fragment Load(uint at) => TensorCore.LoadTransposedMatrices(at);

    public static QuadBlock Multiply(QuadBlock sums, Fragment a, Fragment first, Fragment second) => TensorCore.MultiplyBFloat16(sums, a, first, second);
}
