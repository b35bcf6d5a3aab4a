using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Sums with up to 16 rows or columns of the narrow factor.</summary>
internal readonly struct NarrowSums16(QuadBlock s0, QuadBlock s1, QuadBlock s2, QuadBlock s3) : INarrowSums<NarrowSums16>
{
    public static int Width => 16;

    public QuadBlock this[int i] => i switch { 0 => s0, 1 => s1, 2 => s2, _ => s3 };

    public NarrowSums16 With(QuadBlock rows, ArrayView<Quad> narrow, int stride) => new(
        s0.WithDots(rows, Columns(narrow, 0, stride)), s1.WithDots(rows, Columns(narrow, 4, stride)),
        s2.WithDots(rows, Columns(narrow, 8, stride)), s3.WithDots(rows, Columns(narrow, 12, stride)));

    public NarrowSums16 With<TSide>(Quad wide, ArrayView<Quad> narrow) where TSide : struct, IWideSide => new(
        TSide.With(s0, wide, narrow[0]), TSide.With(s1, wide, narrow[1]), TSide.With(s2, wide, narrow[2]), TSide.With(s3, wide, narrow[3]));

    public Quad ShareOfWarp()
    {
        QuadBlock block = Lane.HalfSum(Lane.HalfSum(s0, s2, 16), Lane.HalfSum(s1, s3, 16), 8);
        Quad share = Lane.HalfSum(Lane.HalfSum(block.A, block.C, 4), Lane.HalfSum(block.B, block.D, 4), 2);
        return Lane.HalfSum(share, share, 1);
    }

    private static QuadBlock Columns(ArrayView<Quad> narrow, int first, int stride) => new()
    {
        A = narrow[first * stride],
        B = narrow[(first + 1) * stride],
        C = narrow[(first + 2) * stride],
        D = narrow[(first + 3) * stride],
    };
}
