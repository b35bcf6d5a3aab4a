using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Sums of eight rows, of which a product may have fewer.</summary>
internal readonly struct EightRowSums(Quad s0, Quad s1, Quad s2, Quad s3, Quad s4, Quad s5, Quad s6, Quad s7) : IThinSums<EightRowSums>
{
    public static int Rows => 8;

    public EightRowSums With(ThinOperand a, int deep, Quad b) => new(
        Quad.MultiplyAdd(b, a.One(0, deep), s0), Quad.MultiplyAdd(b, a.One(1, deep), s1), Quad.MultiplyAdd(b, a.One(2, deep), s2),
        Quad.MultiplyAdd(b, a.One(3, deep), s3), Quad.MultiplyAdd(b, a.One(4, deep), s4), Quad.MultiplyAdd(b, a.One(5, deep), s5),
        Quad.MultiplyAdd(b, a.One(6, deep), s6), Quad.MultiplyAdd(b, a.One(7, deep), s7));

    public EightRowSums With(ThinOperand a, int deep, QuadBlock b) => new(
        b.Dots(a.Four(0, deep), s0), b.Dots(a.Four(1, deep), s1), b.Dots(a.Four(2, deep), s2), b.Dots(a.Four(3, deep), s3),
        b.Dots(a.Four(4, deep), s4), b.Dots(a.Four(5, deep), s5), b.Dots(a.Four(6, deep), s6), b.Dots(a.Four(7, deep), s7));

    public EightRowSums SumOfWarp() => new(
        Lane.Sum(s0), Lane.Sum(s1), Lane.Sum(s2), Lane.Sum(s3), Lane.Sum(s4), Lane.Sum(s5), Lane.Sum(s6), Lane.Sum(s7));

    public void Store(ArrayView<Quad> to, int stride)
    {
        to[0] = s0;
        to[stride] = s1;
        to[2 * stride] = s2;
        to[3 * stride] = s3;
        to[4 * stride] = s4;
        to[5 * stride] = s5;
        to[6 * stride] = s6;
        to[7 * stride] = s7;
    }
}
