using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>The wide factor is B: C has few rows.</summary>
internal readonly struct WideColumns : IWideSide
{
    public static QuadBlock With(QuadBlock sums, Quad wide, Quad narrow) => sums.With(narrow, wide);

    public static void Put(ProductTarget target, Quad sums, int quad, int wide, int narrow) => target.Put(sums, narrow + quad, wide);
}
