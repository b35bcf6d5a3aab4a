using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>What a thread has of its warp's 64 x 64 sums, 128 of them.</summary>
internal struct WarpSums
{
    public QuadBlock A, B, C, D, E, F, G, H;
}
