using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>4 x 4 sums of a thread, a row in each field.</summary>
internal struct QuadBlock
{
    public Quad A, B, C, D;

    /// <summary>The sums with the products of x, a column, and y, a row.</summary>
    public readonly QuadBlock With(Quad x, Quad y) => new()
    {
        A = Quad.MultiplyAdd(y, x.X, A),
        B = Quad.MultiplyAdd(y, x.Y, B),
        C = Quad.MultiplyAdd(y, x.Z, C),
        D = Quad.MultiplyAdd(y, x.W, D),
    };
}
