using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>What a tensor core multiplies.</summary>
internal interface ITensorFormat
{
    /// <summary>Terms of a tile: 64 bytes of them.</summary>
    static abstract int Terms { get; }

    /// <summary>Rounds four values and writes them side by side into shared memory.</summary>
    static abstract void Store(Quad values, uint at);

    /// <summary>Where in a tile [terms, 128] a thread reads its part of the first fragment.</summary>
    static abstract uint Lane(int lane);

    /// <summary>Reads a fragment from a tile [terms, 128].</summary>
    static abstract Fragment Load(uint at);

    /// <summary>The sums with the products of a fragment of 16 rows and two of 16 columns each.</summary>
    static abstract QuadBlock Multiply(QuadBlock sums, Fragment a, Fragment first, Fragment second);
}
