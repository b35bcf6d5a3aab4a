using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>How a product is computed on a GPU. It follows from the sizes alone, so that every card has the same order of sums.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Parts">Parts of each sum, which groups of their own compute.</param>
/// <param name="Precision">What <see cref="ProductKernel.Thin"/> rounds factors to; the other kernels are of one precision each.</param>
/// <param name="GroupRows">Rows of a group of <see cref="ProductKernel.FewTerms"/>, which change no sum.</param>
internal readonly record struct ProductPlan(ProductKernel Kernel, int Parts, Precision Precision = Precision.F32, int GroupRows = 0)
{
    /// <summary>Threads of a group of any kernel.</summary>
    public const int Threads = 256;

    /// <summary>Bytes of the sums of all parts together, at most.</summary>
    public const int PartsBytes = 32 << 20;

    /// <summary>Rows of a product whose other factor is read once from end to end.</summary>
    public const int ThinRows = 8;

    /// <summary>The terms of a part are a multiple of it, so that every tile but the last of a sum is full.</summary>
    public const int PartMultiple = 32;

    // Large cards have some 130 multiprocessors, each with room for two or three groups of large tiles and several of small ones.
    private const int Enough = 256;

    // With fewer large tiles there is little to cut, and small ones have more groups.
    private const int LeastLarge = 16;

    // A part's sums are written and read again, so it should be worth it.
    private const int TermsOfPart = 256;

    // The same where parts are of a narrow C and fewer groups read a wide factor.
    private const int TermsOfNarrowPart = 128;

    // The most rows or columns of a narrow factor; with more, tiles have more multiply-adds for what they read.
    private const int MostNarrow = 64;

    // Columns, or terms of a sum, that keep the lanes of a warp busy with four each.
    private const int LeastWide = 4 * Lane.Count;

    // Fewer rows are not worth a tile of them.
    private const int LeastLong = 64;

    /// <summary>Whether factors are read from memory as they are, so that they must be there in one format.</summary>
    public bool TakesCopies => Kernel is not (ProductKernel.Thin or ProductKernel.Tile64);

    /// <summary>Whether one factor is narrow and the other read once.</summary>
    public bool IsNarrow => Kernel is ProductKernel.FewColumns or ProductKernel.FewTerms or ProductKernel.LongSums;

    /// <summary>For C [m, n] with k terms.</summary>
    /// <param name="precision">What factors are rounded to.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms of a sum.</param>
    /// <param name="turnedA">Whether A is stored [k, m].</param>
    /// <param name="turnedB">Whether B is stored [n, k], as the weight of a linear layer.</param>
    /// <param name="whole">Whether the lines of both factors have a multiple of four elements.</param>
    /// <param name="copiesTiles">Whether the card copies past the registers (<see cref="IlgpuDevice.HasCapability8"/>).</param>
    public static ProductPlan Of(Precision precision, int m, int n, int k, bool turnedA, bool turnedB, bool whole, bool copiesTiles)
    {
        if (whole && precision == Precision.F32 && OfNarrow(m, n, k, turnedA, turnedB, copiesTiles) is { } narrow)
            return narrow;
        if (m <= ThinRows)
            return new ProductPlan(ProductKernel.Thin, turnedB ? 1 : PartsOf(m, n, k, MatrixProduct.Blocks(n, ThinAcrossJob<OneRowSums>.Columns), TermsOfPart), precision);
        if (precision != Precision.F32)
        {
            return new ProductPlan(
                precision == Precision.BF16 ? ProductKernel.BFloat16 : ProductKernel.TF32,
                PartsOf(m, n, k, Groups(m, n, CopiedTile.Wide), TermsOfPart));
        }
        if (copiesTiles && Math.Min(m, n) > Tile64Job.Wide && Groups(m, n, CopiedTile.Wide) >= LeastLarge)
            return new ProductPlan(ProductKernel.Single, PartsOf(m, n, k, Groups(m, n, CopiedTile.Wide), TermsOfPart));
        return new ProductPlan(ProductKernel.Tile64, PartsOf(m, n, k, Groups(m, n, Tile64Job.Wide), TermsOfPart));
    }

    /// <summary>Columns of a part: of C, rounded up to a multiple of 4.</summary>
    public static int Width(int n) => MatrixProduct.RoundUp(n, 4);

    /// <summary>Rows or columns of a narrow factor that a group has at a time.</summary>
    public static int NarrowWidth(int count) => count <= NarrowSums16.Width ? NarrowSums16.Width : NarrowSums32.Width;

    // What adapters are made of; what is wide there is read once, and what is narrow stands near.
    private static ProductPlan? OfNarrow(int m, int n, int k, bool turnedA, bool turnedB, bool copiesTiles)
    {
        int narrow = Math.Min(m, n), width = NarrowWidth(narrow);
        if (turnedA)
        {
            return copiesTiles && !turnedB && narrow <= MostNarrow && k >= LeastLong
                ? new ProductPlan(ProductKernel.LongSums, PartsOf(m, n, k, MatrixProduct.Blocks(Math.Max(m, n), LeastWide) * MatrixProduct.Blocks(narrow, width), TermsOfNarrowPart))
                : null;
        }
        if (m <= ThinRows)
            return null;
        if (copiesTiles && n <= MostNarrow && k >= LeastWide)
        {
            return new ProductPlan(
                ProductKernel.FewColumns,
                PartsOf(m, n, k, MatrixProduct.Blocks(m, FewColumnsJob<NarrowSums16, DeepFirst, Quad>.Rows) * MatrixProduct.Blocks(n, NarrowWidth(n)), TermsOfNarrowPart));
        }
        if (!copiesTiles || k > KeptTerms.Count || n < LeastWide)
            return null;
        // Where there are enough groups, each has more rows for what it keeps of B.
        long rows = Math.Clamp(m * MatrixProduct.Blocks(n, LeastWide) / (2 * Enough), 1, FewTermsJob<DeepFirst, Quad, Setting>.MostRows);
        return new ProductPlan(ProductKernel.FewTerms, 1, GroupRows: MatrixProduct.RoundUp((int)rows, FewTermsJob<DeepFirst, Quad, Setting>.RowMultiple));
    }

    private static int PartsOf(int m, int n, int k, long groups, int least)
    {
        if (groups >= Enough)
            return 1;
        long room = PartsBytes / sizeof(float) / ((long)m * Width(n));
        return (int)Math.Clamp(Math.Min((Enough + groups - 1) / groups, k / least), 1, Math.Max(room, 1));
    }

    private static long Groups(int m, int n, int tile) => MatrixProduct.Blocks(m, tile) * MatrixProduct.Blocks(n, tile);
}
