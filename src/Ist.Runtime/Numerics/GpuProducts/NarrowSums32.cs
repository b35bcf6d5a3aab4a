using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Sums with up to 32 rows or columns of the narrow factor.</summary>
internal readonly struct NarrowSums32(NarrowSums16 lower, NarrowSums16 upper) : INarrowSums<NarrowSums32>
{
    public static int Width => 32;

    public QuadBlock this[int i] => i < 4 ? lower[i] : upper[i - 4];

    public NarrowSums32 With(QuadBlock rows, ArrayView<Quad> narrow, int stride) => new(
        lower.With(rows, narrow, stride), upper.With(rows, narrow.SubView(16 * stride), stride));

    public NarrowSums32 With<TSide>(Quad wide, ArrayView<Quad> narrow) where TSide : struct, IWideSide => new(
        lower.With<TSide>(wide, narrow), upper.With<TSide>(wide, narrow.SubView(4)));

    public Quad ShareOfWarp()
    {
        QuadBlock s0 = Lane.HalfSum(lower[0], upper[0], 16), s1 = Lane.HalfSum(lower[1], upper[1], 16);
        QuadBlock s2 = Lane.HalfSum(lower[2], upper[2], 16), s3 = Lane.HalfSum(lower[3], upper[3], 16);
        QuadBlock block = Lane.HalfSum(Lane.HalfSum(s0, s2, 8), Lane.HalfSum(s1, s3, 8), 4);
        return Lane.HalfSum(Lane.HalfSum(block.A, block.C, 2), Lane.HalfSum(block.B, block.D, 2), 1);
    }
}
