using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A thread's sums of four rows or columns of the wide factor of a product with every row or column of a narrow one, as an adapter's rank is: in blocks of
/// 4 x 4.
/// </summary>
internal interface INarrowSums<TSelf> where TSelf : struct, INarrowSums<TSelf>
{
    /// <summary>Rows or columns of the narrow factor.</summary>
    static abstract int Width { get; }

    /// <summary>The block with the narrow factor's rows or columns 4 i to 4 i + 3.</summary>
    QuadBlock this[int i] { get; }

    /// <summary>The sums with the products of four terms.</summary>
    /// <param name="rows">The terms of each of four rows.</param>
    /// <param name="narrow">Those of the first of the narrow factor's columns.</param>
    /// <param name="stride">Quads to the next one's.</param>
    TSelf With(QuadBlock rows, ArrayView<Quad> narrow, int stride);

    /// <summary>The sums with the products of one term.</summary>
    /// <param name="wide">The term of four rows or columns of the wide factor.</param>
    /// <param name="narrow">That of the narrow one's.</param>
    TSelf With<TSide>(Quad wide, ArrayView<Quad> narrow) where TSide : struct, IWideSide;

    /// <summary>The sums over the lanes of the warp: lane l gets quad (l Width / 32) mod 4 of block l Width / 128, two lanes the same where Width is 16.</summary>
    Quad ShareOfWarp();
}
