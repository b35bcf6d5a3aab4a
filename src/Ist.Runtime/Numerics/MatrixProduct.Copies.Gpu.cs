using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class MatrixProduct
{
    /// <summary>C = or += alpha A B on a GPU by its library, in a given way.</summary>
    internal static void Multiply(
        IlgpuDevice gpu, Cublas cublas, LibraryPlan plan, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b) =>
        MultiplyPieces(
            gpu, new FactorCopies(gpu, plan.Format, false, a.DType != plan.Format, b.DType != plan.Format), new CopyPlan(plan.Rows, plan.Columns, k), cublas, plan.Precision, default,
            into, alpha, c, ldc, m, n, k, a, b);

    /// <summary>The same by a kernel whose tiles are copied from memory as they are, in given pieces.</summary>
    internal static void Multiply(
        IlgpuDevice gpu, ProductPlan plan, CopyPlan pieces, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b) =>
        MultiplyPieces(gpu, Copies(gpu, plan.Kernel, m, n, a, b), pieces, null, plan.Precision, plan, into, alpha, c, ldc, m, n, k, a, b);

    private static void MultiplyCopies(
        IlgpuDevice gpu, ProductPlan plan, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        FactorCopies copies = Copies(gpu, plan.Kernel, m, n, a, b);
        MultiplyPieces(gpu, copies, copies.Plan(plan.IsNarrow || BFloat16Address.Is(c), m, n, k), null, plan.Precision, plan, into, alpha, c, ldc, m, n, k, a, b);
    }

    // By the library, where it is given, or else by a kernel.
    private static void MultiplyPieces(
        IlgpuDevice gpu, FactorCopies copies, CopyPlan pieces, Cublas? cublas, Precision precision, ProductPlan plan,
        Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        for (int deep = 0; deep < k; deep += pieces.Terms)
        {
            int terms = Math.Min(pieces.Terms, k - deep);
            Into intoPiece = deep == 0 ? into : Into.Add;
            for (int row = 0; row < m; row += pieces.Rows)
            {
                int rows = Math.Min(pieces.Rows, m - row);
                MatrixOperand left = copies.Left(a.From(row, deep), rows, terms);
                for (int column = 0; column < n; column += pieces.Columns)
                {
                    int columns = Math.Min(pieces.Columns, n - column);
                    MatrixOperand right = copies.Right(b.From(deep, column), terms, columns);
                    float* piece = c + (long)row * ldc + column;
                    if (cublas is not null)
                        cublas.Multiply(precision, intoPiece, alpha, piece, ldc, rows, columns, terms, left, right);
                    else
                        MultiplyParts(gpu, plan, intoPiece, alpha, piece, ldc, rows, columns, terms, left, right);
                }
            }
        }
    }

    // What a kernel's tiles can't be copied from.
    private static FactorCopies Copies(IlgpuDevice gpu, ProductKernel kernel, int m, int n, MatrixOperand a, MatrixOperand b)
    {
        DType format = kernel == ProductKernel.BFloat16 ? DType.BF16 : DType.F32;
        bool rounds = kernel == ProductKernel.TF32, wideA = kernel == ProductKernel.FewColumns || kernel == ProductKernel.LongSums && n <= m;
        bool wideB = kernel == ProductKernel.LongSums && !wideA;
        return new FactorCopies(gpu, format, rounds, rounds || !IsReady(format, wideA, a), rounds || !IsReady(format, wideB, b));
    }

    // Four elements of a wide factor are copied at a time, and widened where they are BF16.
    private static bool IsReady(DType format, bool isWide, MatrixOperand factor) => isWide
        ? factor.DType is DType.F32 or DType.BF16 && LinesBeginAt(4, factor, Line(factor))
        : factor.DType == format && LinesBeginAt(16 / factor.ElementSize, factor, Line(factor));

    // A factor in a format, in lines as it has them.
    private static MatrixOperand Copied(IlgpuDevice gpu, DType format, bool rounds, byte* copy, MatrixOperand factor, int rows, int columns)
    {
        bool byRows = factor.ColumnStride == 1;
        (int lines, int length) = byRows ? (rows, columns) : (columns, rows);
        int line = RoundUp(length, CopyPlan.LineMultiple);
        long count = (long)lines * line;
        ProductOperand values = Operand(gpu, factor, factor.RowStride, factor.ColumnStride, rows, columns);
        gpu.Profile?.Expect(new JobWork(0, (double)rows * columns * (factor.ElementSize + (format == DType.F32 ? sizeof(float) : sizeof(ushort)))));
        if (format == DType.F32)
            gpu.For(Quads.Groups(count), Quads.ElementThreads, new WidenedFactorJob(values, columns, line, gpu.View((Quad*)copy, count / 4), rounds ? 1 : 0));
        else
            gpu.For(Quads.Groups(count), Quads.ElementThreads, new RoundedFactorJob(values, columns, line, gpu.View((ulong*)copy, count / 4)));
        return new MatrixOperand(copy, format, byRows ? line : 1, byRows ? 1 : line);
    }

    /// <summary>Pieces of factors in the format in which they are multiplied: where they stand, or copied.</summary>
    /// <param name="gpu">Has the memory for copies.</param>
    /// <param name="format">The format.</param>
    /// <param name="rounds">Whether F32 is rounded to TF32.</param>
    /// <param name="ofA">Whether A is copied.</param>
    /// <param name="ofB">Whether B is.</param>
    private readonly struct FactorCopies(IlgpuDevice gpu, DType format, bool rounds, bool ofA, bool ofB)
    {
        // Sums that should be whole, as those that are rounded when they are stored, are only cut where a copy has no room for them.
        public CopyPlan Plan(bool wholeSums, int m, int n, int k) =>
            wholeSums && CopyPlan.OfWholeSums(format, ofA, ofB, m, n, k) is { Rows: > 0, Columns: > 0 } whole ? whole : CopyPlan.Of(format, ofA, ofB, m, n, k);

        public MatrixOperand Left(MatrixOperand piece, int rows, int terms) => ofA ? Copied(gpu, format, rounds, gpu.FactorCopies, piece, rows, terms) : piece;

        public MatrixOperand Right(MatrixOperand piece, int terms, int columns) =>
            ofB ? Copied(gpu, format, rounds, gpu.FactorCopies + (ofA ? CopyPlan.Offset : 0), piece, terms, columns) : piece;
    }
}
