using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// How a library computes a product. It takes both factors in one precision, so those in another are copied. A large C is computed piece by
/// piece, and no more is copied at a time than a piece needs, so that the memory of copies is bounded, whatever the model.
/// </summary>
/// <param name="Precision">How factors are rounded.</param>
/// <param name="Rows">Rows of a piece.</param>
/// <param name="Columns">Columns of a piece.</param>
internal readonly record struct LibraryPlan(Precision Precision, int Rows, int Columns)
{
    /// <summary>Bytes of all copies at a time: a weight of 4096 x 8192 in F32. Much less would leave pieces with few tiles for each multiprocessor.</summary>
    public const int CopyBytes = 128 << 20;

    /// <summary>Where both factors are copied, each has half of that.</summary>
    public const int CopyOffset = CopyBytes / 2;

    /// <summary>Lines of copies are a multiple of it, so that each begins at a multiple of 16 bytes, where a library reads fastest.</summary>
    public const int LineMultiple = 8;

    // The edges of a library's tiles divide it.
    private const int PieceMultiple = 128;

    // An element is copied in some 3 ps at 3 TB/s. Where a library is three times as fast as the kernels, it has won that back after 60 multiply-adds in F32 and 400 in BF16.
    private const int LeastUses = 256;

    /// <summary>The precision that the library is given; TF32 it makes of F32 itself.</summary>
    public DType Format => FormatOf(Precision);

    /// <summary>For C [m, n] with k terms; null where kernels compute it: it is small, a copy would not pay, or has no room.</summary>
    /// <param name="leastWork">Multiply-adds that are worth a call.</param>
    /// <param name="precision">How factors are rounded.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms.</param>
    /// <param name="a">The left factor's precision.</param>
    /// <param name="b">The right one's.</param>
    public static LibraryPlan? Of(long leastWork, Precision precision, int m, int n, int k, DType a, DType b)
    {
        DType format = FormatOf(precision);
        bool copiesA = a != format, copiesB = b != format;
        if (Math.Min(m, Math.Min(n, k)) <= 0 || (long)m * n * k < leastWork || (copiesA && n < LeastUses) || (copiesB && m < LeastUses))
            return null;
        long room = (copiesA && copiesB ? CopyOffset : CopyBytes) / (format == DType.F32 ? sizeof(float) : sizeof(ushort));
        int rows = copiesA ? Piece(m, k, room) : m, columns = copiesB ? Piece(n, k, room) : n;
        return rows > 0 && columns > 0 ? new LibraryPlan(precision, rows, columns) : null;
    }

    private static DType FormatOf(Precision precision) => precision == Precision.BF16 ? DType.BF16 : DType.F32;

    // Rows or columns of which so many elements have room, in pieces of about one size; 0 where there is room for none.
    private static int Piece(int count, int k, long room)
    {
        long terms = MatrixProduct.RoundUp(k, LineMultiple);
        if (MatrixProduct.RoundUp(count, LineMultiple) * terms <= room)
            return count;
        int most = (int)(room / terms) / PieceMultiple * PieceMultiple;
        return most == 0 ? 0 : MatrixProduct.RoundUp((int)MatrixProduct.Blocks(count, (int)MatrixProduct.Blocks(count, most)), PieceMultiple);
    }
}
