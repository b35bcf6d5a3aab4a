using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>The wide factor is A: C has few columns.</summary>
internal readonly struct WideRows : IWideSide
{
    public static QuadBlock With(QuadBlock sums, Quad wide, Quad narrow) => sums.With(wide, narrow);

    public static void Put(ProductTarget target, Quad sums, int quad, int wide, int narrow) => target.Put(sums, wide + quad, narrow);
}
