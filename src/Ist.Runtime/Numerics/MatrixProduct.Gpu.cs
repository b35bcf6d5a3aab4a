using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

internal static unsafe partial class MatrixProduct
{
    private static void Multiply(
        IlgpuDevice gpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        if (m <= 0 || n <= 0)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        int rows = (int)Blocks(m, GpuOperand.Across), columns = (int)Blocks(n, GpuOperand.Across);
        gpu.For(new Index3D(columns, rows, 1), GpuOperand.Threads, new GpuJob(
            (int)into, alpha, gpu.View(c, (long)m * ldc), ldc, m, n, k, Operand(gpu, a, a.RowStride, a.ColumnStride, m, k),
            Operand(gpu, b, b.ColumnStride, b.RowStride, n, k), Quads.Align((long)c | ldc * (long)sizeof(float))));
    }

    private static GpuOperand Operand(IlgpuDevice gpu, MatrixOperand operand, long across, long deep, int acrossCount, int deepCount)
    {
        if (across != 1 && deep != 1)
            throw new NotSupportedException("A factor on a GPU is a row-major matrix or the transpose of one.");
        long line = deep == 1 ? across : deep, count = (acrossCount - 1) * across + (deepCount - 1) * deep + 1;
        // Four values of 16 bits are read as 8 bytes, four of 32 as 16.
        bool aligned = line % 4 == 0 && (long)operand.Data % (4 * operand.ElementSize) == 0;
        return new GpuOperand(gpu.Stored(operand.Data, operand.DType, count), across, deep, aligned ? 1 : 0);
    }

    /// <summary>
    /// A group computes 64 x 64 elements of C, a thread 4 x 4, from tiles of both factors in shared memory. Every element is summed in the
    /// order of k.
    /// </summary>
    internal readonly struct GpuJob(
        int into, float alpha, ArrayView<float> c, int ldc, int m, int n, int k, GpuOperand a, GpuOperand b, int aligned) : IGpuJob
    {
        public void Execute()
        {
            ArrayView<float> tileA = SharedMemory.Allocate<float>(GpuOperand.Deep * GpuOperand.Stride);
            ArrayView<float> tileB = SharedMemory.Allocate<float>(GpuOperand.Deep * GpuOperand.Stride);
            int row = Grid.IdxY * GpuOperand.Across, column = Grid.IdxX * GpuOperand.Across;
            int across = Group.IdxX % 16, down = Group.IdxX / 16;
            ArrayView<Quad> left = tileA.Cast<Quad>().SubView(down), right = tileB.Cast<Quad>().SubView(across);
            Quad c0 = default, c1 = default, c2 = default, c3 = default;
            for (int deep = 0; deep < k; deep += GpuOperand.Deep)
            {
                a.Load(tileA, row, deep, m, k);
                b.Load(tileB, column, deep, n, k);
                Group.Barrier();
                for (int at = 0; at < GpuOperand.Deep * GpuOperand.Stride / 4; at += GpuOperand.Stride)
                {
                    Add(left, right, at, ref c0, ref c1, ref c2, ref c3);
                    Add(left, right, at + GpuOperand.Stride / 4, ref c0, ref c1, ref c2, ref c3);
                    Add(left, right, at + 2 * (GpuOperand.Stride / 4), ref c0, ref c1, ref c2, ref c3);
                    Add(left, right, at + 3 * (GpuOperand.Stride / 4), ref c0, ref c1, ref c2, ref c3);
                }
                Group.Barrier();
            }
            row += 4 * down;
            column += 4 * across;
            Store(c0, row, column);
            Store(c1, row + 1, column);
            Store(c2, row + 2, column);
            Store(c3, row + 3, column);
        }

        private static void Add(ArrayView<Quad> left, ArrayView<Quad> right, int at, ref Quad c0, ref Quad c1, ref Quad c2, ref Quad c3)
        {
            Quad x = left[at], y = right[at];
            c0 = Quad.MultiplyAdd(y, x.X, c0);
            c1 = Quad.MultiplyAdd(y, x.Y, c1);
            c2 = Quad.MultiplyAdd(y, x.Z, c2);
            c3 = Quad.MultiplyAdd(y, x.W, c3);
        }

        private void Store(Quad sum, int row, int column)
        {
            int left = n - column;
            if (row < m && left > 0)
                Quads.Put(sum * alpha, into == (int)Into.Add, c, (long)row * ldc + column, left, aligned != 0 && left >= 4);
        }
    }
}
