using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class MatrixProduct
{
    private static void LaunchThin(
        IlgpuDevice gpu, Precision precision, ProductTarget target, int parts, int length, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        if (m == 1)
            LaunchThin<OneRowSums>(gpu, precision, target, parts, length, m, n, k, a, b);
        else
            LaunchThin<EightRowSums>(gpu, precision, target, parts, length, m, n, k, a, b);
    }

    private static void LaunchThin<TSums>(
        IlgpuDevice gpu, Precision precision, ProductTarget target, int parts, int length, int m, int n, int k, MatrixOperand a, MatrixOperand b)
        where TSums : struct, IThinSums<TSums>
    {
        ThinOperand left = ThinOperand(gpu, precision, a, a.RowStride, a.ColumnStride, m, k), right = ThinOperand(gpu, precision, b, b.ColumnStride, b.RowStride, n, k);
        if (b.RowStride == 1)
        {
            bool whole = a.ColumnStride == 1 && LinesBeginAt(4, a, a.RowStride) && LinesBeginAt(16 / b.ElementSize, b, b.ColumnStride);
            gpu.For(
                Groups(ThinDeepJob<TSums>.Columns), ThinDeepJob<TSums>.Threads(length), new ThinDeepJob<TSums>(target, left, right, k, length, whole ? 1 : 0));
            return;
        }
        gpu.For(
            Groups(ThinAcrossJob<TSums>.Columns), ProductPlan.Threads,
            new ThinAcrossJob<TSums>(target, left, right, n, k, length, LinesBeginAt(4, b, b.RowStride) ? 1 : 0), ThinAcrossJob<TSums>.SharedBytes);

        Index3D Groups(int columns) => new((int)Blocks(n, columns), 1, parts);
    }

    private static ThinOperand ThinOperand(IlgpuDevice gpu, Precision precision, MatrixOperand operand, long across, long deep, int acrossCount, int deepCount)
    {
        RequireLines(across, deep);
        // BF16 has the bits of both, and F16 those of TF32.
        if (operand.DType == DType.BF16 || (operand.DType == DType.F16 && precision == Precision.TF32))
            precision = Precision.F32;
        return new ThinOperand(gpu.Stored(operand.Data, operand.DType, Count(across, deep, acrossCount, deepCount)), across, deep, acrossCount, (int)precision);
    }
}
