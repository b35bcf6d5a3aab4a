using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A product with few columns whose left factor is stored turned, as the gradient dy^T h of an adapter's B: computed as C^T = B^T A^T,
/// which reads A^T where it lies instead of packing all of it for a few columns. Each element is the same sum, to the bit.
/// </summary>
internal static unsafe class TurnedProduct
{
    // What BlockProduct reads without packing it has at most so many rows.
    private const int MostColumns = BlockProduct.RowsWorthPacking - 1;

    private const int RowsOfTask = 4 * MicroKernel.MostColumns;

    /// <summary>Whether a product is one that is better turned.</summary>
    public static bool Suits(int m, int n, MatrixOperand a, MatrixOperand b) =>
        n <= MostColumns && m > n && a is { DType: DType.F32, RowStride: 1 } && b.DType == DType.F32;

    /// <summary>C = or += alpha A B.</summary>
    public static void Multiply(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        int rows = RowsOfTask;
        while (MatrixProduct.Blocks(m, rows) < 2 * cpu.Threads && rows > MicroKernel.MostColumns)
            rows /= 2;
        cpu.For((int)MatrixProduct.Blocks(m, rows), new Job(cpu.Scratches, into, alpha, c, ldc, m, n, k, a, b, rows));
    }

    private readonly struct Job(
        float** scratches, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, int rowsOfTask) : IMeasuredJob
    {
        public JobWork Work => new(2.0 * m * n * k, ((double)m * k + (double)k * n + (double)m * n) * sizeof(float));

        public void Execute(int task, int worker)
        {
            int first = task * rowsOfTask, rows = Math.Min(rowsOfTask, m - first);
            float* pack = scratches[worker], turned = pack + BlockProduct.PackFloats, to = c + (long)first * ldc;
            if (into == Into.Add)
            {
                for (int i = 0; i < rows; i++)
                {
                    for (int j = 0; j < n; j++)
                        turned[j * rowsOfTask + i] = to[(long)i * ldc + j];
                }
            }
            BlockProduct.Multiply(pack, into, alpha, turned, rowsOfTask, n, rows, k, b.Turned, a.From(first, 0).Turned);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < n; j++)
                    to[(long)i * ldc + j] = turned[j * rowsOfTask + i];
            }
        }
    }
}
