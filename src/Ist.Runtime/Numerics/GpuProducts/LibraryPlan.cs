using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// How a library computes a product: it takes both factors in one precision, so those in another are copied, as a <see cref="CopyPlan"/> says.
/// </summary>
/// <param name="Precision">How factors are rounded.</param>
/// <param name="Rows">Rows of a piece.</param>
/// <param name="Columns">Columns of a piece.</param>
internal readonly record struct LibraryPlan(Precision Precision, int Rows, int Columns)
{
    // An element is copied in some 3 ps at 3 TB/s. Where a library is three times as fast as the kernels, it has won that back after 60 multiply-adds in F32 and 400 in BF16.
    private const int LeastUses = 256;

    // Adapters' products have few rows or columns, for which the kernels take as long as for 64.
    private const int LeastUsesOfAdapters = 1;

    /// <summary>The precision that the library is given; TF32 it makes of F32 itself.</summary>
    public DType Format => FormatOf(Precision);

    /// <summary>
    /// For C [m, n] with k terms; null where kernels compute it: it is small, has so few rows that they read the other factor once and as it is, a copy would not pay
    /// or has no room, or it is rounded otherwise.
    /// </summary>
    /// <param name="leastWork">Multiply-adds that are worth a call.</param>
    /// <param name="precision">How factors are rounded.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms.</param>
    /// <param name="a">The left factor's precision.</param>
    /// <param name="b">The right one's.</param>
    /// <param name="rounds">Whether C is BF16, into which a library puts only products of BF16.</param>
    public static LibraryPlan? Of(long leastWork, Precision precision, WorkKind kind, int m, int n, int k, DType a, DType b, bool rounds)
    {
        DType format = FormatOf(precision);
        bool copiesA = a != format, copiesB = b != format;
        int leastUses = kind == WorkKind.Adapters ? LeastUsesOfAdapters : LeastUses;
        if (m <= ProductPlan.ThinRows || (rounds && format != DType.BF16) || Math.Min(m, Math.Min(n, k)) <= 0 || (long)m * n * k < leastWork || (copiesA && n < leastUses) || (copiesB && m < leastUses))
            return null;
        CopyPlan pieces = CopyPlan.OfWholeSums(format, copiesA, copiesB, m, n, k);
        return pieces.Rows > 0 && pieces.Columns > 0 ? new LibraryPlan(precision, pieces.Rows, pieces.Columns) : null;
    }

    private static DType FormatOf(Precision precision) => precision == Precision.BF16 ? DType.BF16 : DType.F32;
}
