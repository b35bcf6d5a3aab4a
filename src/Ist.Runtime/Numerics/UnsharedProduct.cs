using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A large product with many rows for each thread: a worker packs a block of A and multiplies it by all of B, 64 columns after the other,
/// which it packs while it multiplies by those before. So threads neither wait for each other nor fetch what another has written, and the
/// time in which B comes from memory passes in products. B is packed once for each block, so with few rows <see cref="SharedProduct"/> is
/// better.
/// </summary>
internal static unsafe partial class UnsharedProduct
{
    private const int Depth = BlockProduct.PanelDepth;

    // A block of A stays in the second cache while a panel of B goes by. The fewer rows it has, the more often B is packed.
    private const int MostRows = 384;
    private const int LeastRows = 192;

    // With vectors of 512 bits a block that is multiplied by so much of B, packed again for each, is slower than one that shares it.
    private const int MostRowsOfThread = 2 * MostRows;

    /// <summary>
    /// Whether it is the better one for a large product. Measured with two threads: with vectors of 512 bits where a thread has 192 to 768 rows and B is not
    /// packed beforehand, as in a step; with those of 256 from 192 rows on.
    /// </summary>
    public static bool Suits(int threads, int m, MatrixOperand b) =>
        m / threads >= LeastRows && (!Vector512.IsHardwareAccelerated || (m / threads <= MostRowsOfThread && b.Panels == null));

    /// <summary>C = or += alpha A B, and what is asked for beside it.</summary>
    public static void Multiply(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, NarrowProduct beside)
    {
        var right = new RightFactor(b, n, k, into, alpha, c, ldc);
        var narrow = new RightFactor(beside.B, beside.Columns, k, Into.Set, beside.Alpha, beside.C, beside.Columns);
        var job = new Job(cpu.Scratches, cpu.Threads, a, m, k, right, narrow);
        cpu.For(job.Blocks, job);
    }

    private readonly struct Job(float** scratches, int threads, MatrixOperand a, int m, int k, RightFactor right, RightFactor narrow) : IMeasuredJob
    {
        public int Blocks => threads * (int)MatrixProduct.Blocks((int)MatrixProduct.Blocks(m, threads), MostRows);

        public JobWork Work
        {
            get
            {
                double rows = m, columns = right.Columns + narrow.Columns;
                return new(2 * rows * columns * k, (rows * k + rows * columns) * sizeof(float) + right.Bytes + narrow.Bytes);
            }
        }

        public void Execute(int task, int worker)
        {
            int first = FirstRow(task), rows = Math.Min(m, FirstRow(task + 1)) - first;
            float* strips = scratches[worker], block = strips + 2 * PackedFloats;
            for (int deep = 0; deep < k; deep += Depth)
            {
                int depth = Math.Min(Depth, k - deep);
                Packing.Rows(a.From(first, deep), rows, depth, block);
                right.Multiply(strips, block, first, rows, deep, depth);
                narrow.Multiply(strips, block, first, rows, deep, depth);
            }
        }

        private int FirstRow(int block) => (int)(MatrixProduct.Blocks(m, MicroKernel.Rows) * block / Blocks) * MicroKernel.Rows;
    }
}
