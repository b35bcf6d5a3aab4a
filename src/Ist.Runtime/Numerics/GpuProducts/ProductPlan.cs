using Ist.Runtime.Devices;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>How a product is computed on a GPU. It follows from the sizes alone, so that every card has the same order of sums.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Parts">Parts of each sum, which groups of their own compute.</param>
/// <param name="Precision">What <see cref="ProductKernel.Thin"/> rounds factors to; the other kernels are of one precision each.</param>
internal readonly record struct ProductPlan(ProductKernel Kernel, int Parts, Precision Precision = Precision.F32)
{
    /// <summary>Threads of a group of any kernel.</summary>
    public const int Threads = 256;

    /// <summary>Bytes of the sums of all parts together, at most.</summary>
    public const int PartsBytes = 32 << 20;

    /// <summary>The terms of a part are a multiple of it, so that every tile but the last of a sum is full.</summary>
    public const int PartMultiple = 32;

    // Large cards have some 130 multiprocessors, each with room for two or three groups of large tiles and several of small ones.
    private const int Enough = 256;

    // With fewer large tiles there is little to cut, and small ones have more groups.
    private const int LeastLarge = 16;

    // A part's sums are written and read again, so it should be worth it.
    private const int TermsOfPart = 256;

    // Rows of a product whose other factor is read once from end to end.
    private const int ThinRows = 8;

    /// <summary>Whether tiles are copied from memory as they are, so that factors must be there in one format.</summary>
    public bool TakesCopies => Kernel is ProductKernel.Single or ProductKernel.TF32 or ProductKernel.BFloat16;

    /// <summary>For C [m, n] with k terms.</summary>
    /// <param name="precision">What factors are rounded to.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms of a sum.</param>
    /// <param name="turned">Whether B is stored [n, k], as the weight of a linear layer.</param>
    /// <param name="copiesTiles">Whether the card copies past the registers (<see cref="IlgpuDevice.HasCapability8"/>).</param>
    public static ProductPlan Of(Precision precision, int m, int n, int k, bool turned, bool copiesTiles)
    {
        if (m <= ThinRows)
            return new ProductPlan(ProductKernel.Thin, turned ? 1 : PartsOf(m, n, k, MatrixProduct.Blocks(n, ThinAcrossJob<OneRowSums>.Columns), Enough), precision);
        if (precision != Precision.F32)
        {
            return new ProductPlan(
                precision == Precision.BF16 ? ProductKernel.BFloat16 : ProductKernel.TF32,
                PartsOf(m, n, k, Groups(m, n, CopiedTile.Wide), Enough));
        }
        if (copiesTiles && Math.Min(m, n) > Tile64Job.Wide && Groups(m, n, CopiedTile.Wide) >= LeastLarge)
            return new ProductPlan(ProductKernel.Single, PartsOf(m, n, k, Groups(m, n, CopiedTile.Wide), Enough));
        return new ProductPlan(ProductKernel.Tile64, PartsOf(m, n, k, Groups(m, n, Tile64Job.Wide), Enough));
    }

    /// <summary>Columns of a part: of C, rounded up to a multiple of 4.</summary>
    public static int Width(int n) => MatrixProduct.RoundUp(n, 4);

    private static int PartsOf(int m, int n, int k, long groups, int enough)
    {
        if (groups >= enough)
            return 1;
        long room = PartsBytes / sizeof(float) / ((long)m * Width(n));
        return (int)Math.Clamp(Math.Min((enough + groups - 1) / groups, k / TermsOfPart), 1, Math.Max(room, 1));
    }

    private static long Groups(int m, int n, int tile) => MatrixProduct.Blocks(m, tile) * MatrixProduct.Blocks(n, tile);
}
