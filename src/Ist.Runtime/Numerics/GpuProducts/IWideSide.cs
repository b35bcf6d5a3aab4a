using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Which side of C the wide factor of a product gives, and so what blocks of sums hold: rows of C.</summary>
internal interface IWideSide
{
    /// <summary>4 x 4 sums with the products of a term of four of the wide factor's and four of the narrow one's.</summary>
    static abstract QuadBlock With(QuadBlock sums, Quad wide, Quad narrow);

    /// <summary>Writes a quad of a block of sums.</summary>
    /// <param name="target">Where C is.</param>
    /// <param name="sums">The sums.</param>
    /// <param name="quad">Which of the block.</param>
    /// <param name="wide">The block's first row or column of the wide factor.</param>
    /// <param name="narrow">That of the narrow one.</param>
    static abstract void Put(ProductTarget target, Quad sums, int quad, int wide, int narrow);
}
