using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Sums of one row, as of a generated token.</summary>
internal readonly struct OneRowSums(Quad sums) : IThinSums<OneRowSums>
{
    public static int Rows => 1;

    public OneRowSums With(ThinOperand a, int deep, Quad b) => new(Quad.MultiplyAdd(b, a.One(0, deep), sums));

    public OneRowSums With(ThinOperand a, int deep, QuadBlock b) => new(b.Dots(a.Four(0, deep), sums));

    public OneRowSums SumOfWarp() => new(Lane.Sum(sums));

    public void Store(ArrayView<Quad> to, int stride) => to[0] = sums;
}
