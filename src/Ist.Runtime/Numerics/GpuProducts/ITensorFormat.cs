using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>What a tensor core multiplies, from tiles in shared memory whose lines are rows.</summary>
internal interface ITensorFormat
{
    /// <summary>Terms in 64 bytes of a line; a fragment has half as many.</summary>
    static abstract int Terms { get; }

    /// <summary>
    /// Whether a few terms of a long sum are added up alone, and what they come to is added and rounded: tensor cores cut a sum instead of rounding it, at every step
    /// and always towards 0, which shows where factors are not rounded.
    /// </summary>
    static abstract bool AddsApart { get; }

    /// <summary>Writes four values side by side into shared memory, rounded to the format.</summary>
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
