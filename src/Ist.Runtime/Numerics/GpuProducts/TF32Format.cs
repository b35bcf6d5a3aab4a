using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>TF32: factors with the exponent of F32 and 11 bits of precision, sums in F32.</summary>
internal readonly struct TF32Format : ITensorFormat
{
    public static int Terms => 16;

    public static void Store(Quad values, uint at) =>
        TensorCore.Store(at, TensorCore.TF32(values.X), TensorCore.TF32(values.Y), TensorCore.TF32(values.Z), TensorCore.TF32(values.W));

    public static uint Lane(int lane) => (uint)(lane % 4 * TensorTile.Line(Terms) + lane / 4 * sizeof(float));

    // Values of 32 bits can't be transposed by ldmatrix.
    public static Fragment Load(uint at)
    {
        uint half = at + 4 * (uint)TensorTile.Line(Terms);
        return new Fragment(TensorCore.Load(at), TensorCore.Load(at + 32), TensorCore.Load(half), TensorCore.Load(half + 32));
    }

    // A thread has sums of two columns side by side: the first is its term of the first half of the terms, the second that of the second half.
    public static uint LineLane(int lane, uint line) => (uint)(lane % 4 * 2) * line + (uint)(lane / 4 * sizeof(float));

    public static Fragment LoadLines(uint at, uint line) =>
        new(TensorCore.Load(at), TensorCore.Load(at + 32), TensorCore.Load(at + line), TensorCore.Load(at + line + 32));

    public static Fragment Rounded(Quad first, Quad second) =>
        new(TensorCore.TF32(first.X), TensorCore.TF32(first.Z), TensorCore.TF32(first.Y), TensorCore.TF32(first.W));

    public static QuadBlock Multiply(QuadBlock sums, Fragment a, Fragment first, Fragment second) => TensorCore.MultiplyTF32(sums, a, first, second);
}
