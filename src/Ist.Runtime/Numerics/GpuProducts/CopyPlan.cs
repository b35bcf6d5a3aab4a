using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// How a product is computed whose factors must be in one format, so that those in another are copied. A large C is computed piece by piece, and long
/// sums are, and no more is copied at a time than a piece needs, so that the memory of copies is bounded, whatever the model.
/// </summary>
/// <param name="Rows">Rows of a piece; 0 where there is no room for any.</param>
/// <param name="Columns">Columns of a piece; 0 where there is no room for any.</param>
/// <param name="Terms">Terms of a piece.</param>
internal readonly record struct CopyPlan(int Rows, int Columns, int Terms)
{
    /// <summary>Bytes of all copies at a time: a weight of 4096 x 8192 in F32. Much less would leave pieces with few tiles for each multiprocessor.</summary>
    public const int Bytes = 128 << 20;

    /// <summary>Where both factors are copied, each has half of that.</summary>
    public const int Offset = Bytes / 2;

    /// <summary>Lines of copies are a multiple of it, so that each begins at a multiple of 16 bytes.</summary>
    public const int LineMultiple = 8;

    // The edges of tiles divide it, and their terms.
    private const int PieceMultiple = 128;

    // With more, as the gradient of a head by a large vocabulary has, pieces would have few columns, and most of a card nothing to do.
    private const int MostTerms = 12288;

    /// <summary>For C [m, n] with k terms.</summary>
    /// <param name="format">What factors are copied to.</param>
    /// <param name="copiesA">Whether A is copied.</param>
    /// <param name="copiesB">Whether B is.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms.</param>
    public static CopyPlan Of(DType format, bool copiesA, bool copiesB, int m, int n, int k)
    {
        int terms = k <= MostTerms ? k : MatrixProduct.RoundUp((int)MatrixProduct.Blocks(k, (int)MatrixProduct.Blocks(k, MostTerms)), PieceMultiple);
        return OfWholeSums(format, copiesA, copiesB, m, n, terms);
    }

    /// <summary>The same without cutting sums.</summary>
    /// <param name="format">What factors are copied to.</param>
    /// <param name="copiesA">Whether A is copied.</param>
    /// <param name="copiesB">Whether B is.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms.</param>
    public static CopyPlan OfWholeSums(DType format, bool copiesA, bool copiesB, int m, int n, int k)
    {
        long room = (copiesA && copiesB ? Offset : Bytes) / (format == DType.F32 ? sizeof(float) : sizeof(ushort));
        return new CopyPlan(copiesA ? Piece(m, k, room) : m, copiesB ? Piece(n, k, room) : n, k);
    }

    // Rows or columns of which so many elements have room, in pieces of about one size.
    private static int Piece(int count, int k, long room)
    {
        long terms = MatrixProduct.RoundUp(k, LineMultiple);
        if (MatrixProduct.RoundUp(count, LineMultiple) * terms <= room)
            return count;
        int most = (int)(room / terms) / PieceMultiple * PieceMultiple;
        return most == 0 ? 0 : MatrixProduct.RoundUp((int)MatrixProduct.Blocks(count, (int)MatrixProduct.Blocks(count, most)), PieceMultiple);
    }
}
