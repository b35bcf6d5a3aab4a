using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>What a tensor core multiplies.</summary>
internal interface ITensorFormat : IProductFormat
{
    /// <summary>Where in a tile [terms, 128] of A a thread reads its part of the first fragment from a row on, a multiple of 64.</summary>
    static abstract uint LeftAcross<TLeft>(int lane, int row) where TLeft : struct, ITileOrder;

    /// <summary>Where in a tile [terms, 128] of B a thread reads its part of the first fragment from a column on, a multiple of 64.</summary>
    static abstract uint RightAcross<TRight>(int lane, int column) where TRight : struct, ITileOrder;

    /// <summary>Reads a fragment of A from a tile [terms, 128].</summary>
    static abstract Fragment LoadLeftAcross(uint at);

    /// <summary>Reads a fragment of B from a tile [terms, 128].</summary>
    static abstract Fragment LoadRightAcross(uint at);

    /// <summary>Rounds four values and writes them side by side into shared memory.</summary>
    static abstract void Store(Quad values, uint at);

    /// <summary>
    /// Reads a fragment of B from a tile whose terms stand in lines, for a left factor that <see cref="Rounded"/> made. Which term is which is the format's affair, as
    /// long as both factors agree.
    /// </summary>
    /// <param name="at">What <see cref="LineLane"/> says, for the fragment.</param>
    /// <param name="line">Bytes from one term to the next.</param>
    static abstract Fragment LoadLines(uint at, uint line);

    /// <summary>Where in such a tile a thread reads its part of the first fragment.</summary>
    static abstract uint LineLane(int lane, uint line);

    /// <summary>Sums of 16 rows as the left factor of another product: of 8 columns, or of 16 where a fragment has as many terms.</summary>
    static abstract Fragment Rounded(Quad first, Quad second);

    /// <summary>The sums with the products of a fragment of 16 rows and two of 16 columns each.</summary>
    static abstract QuadBlock Multiply(QuadBlock sums, Fragment a, Fragment first, Fragment second);
}
