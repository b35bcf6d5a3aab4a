using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class MatrixProduct
{
    /// <summary>C = or += alpha A B on a GPU by its library, in a given way.</summary>
    internal static void Multiply(
        IlgpuDevice gpu, Cublas cublas, LibraryPlan plan, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        bool copiesA = a.DType != plan.Format, copiesB = b.DType != plan.Format;
        for (int row = 0; row < m; row += plan.Rows)
        {
            int rows = Math.Min(plan.Rows, m - row);
            MatrixOperand left = a.From(row, 0);
            if (copiesA)
                left = Copied(gpu, plan.Format, false, gpu.FactorCopies, left, rows, k);
            for (int column = 0; column < n; column += plan.Columns)
            {
                int columns = Math.Min(plan.Columns, n - column);
                MatrixOperand right = b.From(0, column);
                if (copiesB)
                    right = Copied(gpu, plan.Format, false, gpu.FactorCopies + (copiesA ? CopyPlan.Offset : 0), right, k, columns);
                cublas.Multiply(plan.Precision, into, alpha, c + (long)row * ldc + column, ldc, rows, columns, k, left, right);
            }
        }
    }

    /// <summary>The same by a kernel whose tiles are copied from memory as they are, in given pieces.</summary>
    internal static void Multiply(
        IlgpuDevice gpu, ProductPlan plan, CopyPlan pieces, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        (DType format, bool rounds) = FormatOf(plan.Kernel);
        bool copiesA = !IsReady(format, rounds, a), copiesB = !IsReady(format, rounds, b);
        for (int deep = 0; deep < k; deep += pieces.Terms)
        {
            int terms = Math.Min(pieces.Terms, k - deep);
            for (int row = 0; row < m; row += pieces.Rows)
            {
                int rows = Math.Min(pieces.Rows, m - row);
                MatrixOperand left = a.From(row, deep);
                if (copiesA)
                    left = Copied(gpu, format, rounds, gpu.FactorCopies, left, rows, terms);
                for (int column = 0; column < n; column += pieces.Columns)
                {
                    int columns = Math.Min(pieces.Columns, n - column);
                    MatrixOperand right = b.From(deep, column);
                    if (copiesB)
                        right = Copied(gpu, format, rounds, gpu.FactorCopies + (copiesA ? CopyPlan.Offset : 0), right, terms, columns);
                    MultiplyParts(gpu, plan, deep == 0 ? into : Into.Add, alpha, c + (long)row * ldc + column, ldc, rows, columns, terms, left, right);
                }
            }
        }
    }

    private static void MultiplyCopies(
        IlgpuDevice gpu, ProductPlan plan, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        (DType format, bool rounds) = FormatOf(plan.Kernel);
        Multiply(gpu, plan, CopyPlan.Of(format, !IsReady(format, rounds, a), !IsReady(format, rounds, b), m, n, k), into, alpha, c, ldc, m, n, k, a, b);
    }

    private static (DType Format, bool Rounds) FormatOf(ProductKernel kernel) =>
        (kernel == ProductKernel.BFloat16 ? DType.BF16 : DType.F32, kernel == ProductKernel.TF32);

    // Whether tiles can be copied from where a factor stands.
    private static bool IsReady(DType format, bool rounds, MatrixOperand factor) =>
        factor.DType == format && !rounds && LinesBeginAt(16 / factor.ElementSize, factor, factor.ColumnStride == 1 ? factor.RowStride : factor.ColumnStride);

    // A factor in a format, in lines as it has them.
    private static MatrixOperand Copied(IlgpuDevice gpu, DType format, bool rounds, byte* copy, MatrixOperand factor, int rows, int columns)
    {
        bool byRows = factor.ColumnStride == 1;
        (int lines, int length) = byRows ? (rows, columns) : (columns, rows);
        int line = RoundUp(length, CopyPlan.LineMultiple);
        long count = (long)lines * line;
        ProductOperand values = Operand(gpu, factor, factor.RowStride, factor.ColumnStride, rows, columns);
        if (format == DType.F32)
            gpu.For(Quads.Groups(count), Quads.ElementThreads, new WidenedFactorJob(values, columns, line, gpu.View((Quad*)copy, count / 4), rounds ? 1 : 0));
        else
            gpu.For(Quads.Groups(count), Quads.ElementThreads, new RoundedFactorJob(values, columns, line, gpu.View((ulong*)copy, count / 4)));
        return new MatrixOperand(copy, format, byRows ? line : 1, byRows ? 1 : line);
    }
}
