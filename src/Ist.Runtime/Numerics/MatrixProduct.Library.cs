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
        byte* copyOfB = cublas.Copies + (a.DType == plan.Format ? 0 : LibraryPlan.CopyOffset);
        for (int row = 0; row < m; row += plan.Rows)
        {
            int rows = Math.Min(plan.Rows, m - row);
            MatrixOperand left = InFormat(gpu, plan.Format, cublas.Copies, a.From(row, 0), rows, k);
            for (int column = 0; column < n; column += plan.Columns)
            {
                int columns = Math.Min(plan.Columns, n - column);
                MatrixOperand right = InFormat(gpu, plan.Format, copyOfB, b.From(0, column), k, columns);
                cublas.Multiply(plan.Precision, into, alpha, c + (long)row * ldc + column, ldc, rows, columns, k, left, right);
            }
        }
    }

    // A factor where it stands, or a copy that stands in memory as it does.
    private static MatrixOperand InFormat(IlgpuDevice gpu, DType format, byte* copy, MatrixOperand factor, int rows, int columns)
    {
        if (factor.DType == format)
            return factor;
        bool byRows = factor.ColumnStride == 1;
        (int lines, int length) = byRows ? (rows, columns) : (columns, rows);
        int line = RoundUp(length, LibraryPlan.LineMultiple);
        long count = (long)lines * line;
        ProductOperand values = Operand(gpu, factor, factor.RowStride, factor.ColumnStride, rows, columns);
        if (format == DType.F32)
            gpu.For(Quads.Groups(count), Quads.ElementThreads, new WidenedFactorJob(values, columns, line, gpu.View((Quad*)copy, count / 4)));
        else
            gpu.For(Quads.Groups(count), Quads.ElementThreads, new RoundedFactorJob(values, columns, line, gpu.View((ulong*)copy, count / 4)));
        return new MatrixOperand(copy, format, byRows ? line : 1, byRows ? 1 : line);
    }
}
