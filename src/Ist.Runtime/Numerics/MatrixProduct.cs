using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// C = alpha A B, or C += alpha A B. Each element is summed over k in rising order with fused multiply-adds, in blocks of
/// <see cref="BlockK"/>; the order depends on nothing else, so the bits are the same at any thread count and tile.
/// </summary>
internal static unsafe class MatrixProduct
{
    private const int BlockK = 256;
    private const int TileRows = 6;
    private const int RowsPerTask = 96;

    /// <summary>c[m, n] (row stride <paramref name="ldc"/>) = or += alpha * a[m, k] b[k, n]. A is F32, B F32, F16 or BF16.</summary>
    public static void Multiply(CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        int strip = n > 32 ? 64 : n > 16 ? 32 : 16;
        var job = new Job(into, alpha, c, ldc, m, n, k, a, b, strip, cpu);
        cpu.For(job.Strips * job.RowBlocks, job);
    }

    private readonly struct Job : ICpuJob
    {
        private readonly Into _into;
        private readonly float _alpha;
        private readonly float* _c;
        private readonly int _ldc, _m, _n, _k, _strip, _rowsPerTask;
        private readonly MatrixOperand _a, _b;
        private readonly float** _scratch;

        public Job(Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, int strip, CpuDevice cpu)
        {
            (_into, _alpha, _ldc, _m, _n, _k, _a, _b, _strip) = (into, alpha, ldc, m, n, k, a, b, strip);
            _c = c;
            _scratch = cpu.Scratches;
            Strips = (n + strip - 1) / strip;
            int wanted = 4 * cpu.Threads;
            int blocks = Strips >= wanted ? 1 : (wanted + Strips - 1) / Strips;
            int rows = Math.Max(RowsPerTask, (m + blocks - 1) / blocks);
            _rowsPerTask = (rows + TileRows - 1) / TileRows * TileRows;
            RowBlocks = (m + _rowsPerTask - 1) / _rowsPerTask;
        }

        public int Strips { get; }

        public int RowBlocks { get; }

        public void Execute(int task, int worker)
        {
            int column = task / RowBlocks * _strip, columns = Math.Min(_strip, _n - column);
            int begin = task % RowBlocks * _rowsPerTask, end = Math.Min(_m, begin + _rowsPerTask);
            float* packed = _scratch[worker];
            float* tile = packed + BlockK * 64;
            float* a = (float*)_a.Data;
            for (int k0 = 0; k0 < _k; k0 += BlockK)
            {
                int k = Math.Min(BlockK, _k - k0);
                Pack(packed, _b, k0, k, column, columns, _strip);
                bool add = _into == Into.Add || k0 > 0;
                for (int row = begin; row < end; row += TileRows)
                {
                    int rows = Math.Min(TileRows, end - row);
                    float* first = a + row * _a.RowStride + k0 * _a.ColumnStride;
                    float* c = _c + (long)row * _ldc + column;
                    if (columns == _strip)
                    {
                        Tile(_strip, c, _ldc, _alpha, add, k, first, _a.RowStride, _a.ColumnStride, packed, rows);
                        continue;
                    }
                    Tile(_strip, tile, _strip, _alpha, false, k, first, _a.RowStride, _a.ColumnStride, packed, rows);
                    for (int r = 0; r < rows; r++)
                    {
                        for (int j = 0; j < columns; j++)
                            c[r * (long)_ldc + j] = add ? c[r * (long)_ldc + j] + tile[r * _strip + j] : tile[r * _strip + j];
                    }
                }
            }
        }
    }

    private static void Pack(float* to, MatrixOperand b, int k0, int k, int column, int columns, int strip)
    {
        if (columns < strip)
            new Span<float>(to, k * strip).Clear();
        if (b.DType == DType.F32 && b.ColumnStride == 1)
        {
            for (int p = 0; p < k; p++)
                new Span<float>((float*)b.Data + (k0 + p) * b.RowStride + column, columns).CopyTo(new Span<float>(to + p * strip, columns));
            return;
        }
        for (int j = 0; j < columns; j++)
        {
            long at = k0 * b.RowStride + (column + j) * b.ColumnStride;
            if (b.DType == DType.F32)
            {
                float* from = (float*)b.Data + at;
                for (int p = 0; p < k; p++)
                    to[p * strip + j] = from[p * b.RowStride];
                continue;
            }
            for (int p = 0; p < k; p++)
                to[p * strip + j] = b.Load(at + p * b.RowStride);
        }
    }

    private static void Tile(int strip, float* c, long ldc, float alpha, bool add, int k, float* a, long rowStride, long step, float* b, int rows)
    {
        float* a1 = a + Math.Min(1, rows - 1) * rowStride, a2 = a + Math.Min(2, rows - 1) * rowStride, a3 = a + Math.Min(3, rows - 1) * rowStride;
        float* a4 = a + Math.Min(4, rows - 1) * rowStride, a5 = a + Math.Min(5, rows - 1) * rowStride;
        if (strip == 64)
            Tile64(c, ldc, alpha, add, k, a, a1, a2, a3, a4, a5, step, b, rows);
        else if (strip == 32)
            Tile32(c, ldc, alpha, add, k, a, a1, a2, a3, a4, a5, step, b, rows);
        else
            Tile16(c, ldc, alpha, add, k, a, a1, a2, a3, a4, a5, step, b, rows);
    }

    private static void Store(float* c, Vector512<float> sum, float alpha, bool add)
    {
        Vector512<float> scaled = sum * Vector512.Create(alpha);
        (add ? Vector512.Load(c) + scaled : scaled).Store(c);
    }

    /// <summary>c[6, 64] = alpha * a b + beta * c, b packed.</summary>
    private static void Tile64(float* c, long ldc, float alpha, bool add, int k, float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, long step, float* b, int rows)
    {
        Vector512<float> c00 = Vector512<float>.Zero, c01 = Vector512<float>.Zero, c02 = Vector512<float>.Zero, c03 = Vector512<float>.Zero;
        Vector512<float> c10 = Vector512<float>.Zero, c11 = Vector512<float>.Zero, c12 = Vector512<float>.Zero, c13 = Vector512<float>.Zero;
        Vector512<float> c20 = Vector512<float>.Zero, c21 = Vector512<float>.Zero, c22 = Vector512<float>.Zero, c23 = Vector512<float>.Zero;
        Vector512<float> c30 = Vector512<float>.Zero, c31 = Vector512<float>.Zero, c32 = Vector512<float>.Zero, c33 = Vector512<float>.Zero;
        Vector512<float> c40 = Vector512<float>.Zero, c41 = Vector512<float>.Zero, c42 = Vector512<float>.Zero, c43 = Vector512<float>.Zero;
        Vector512<float> c50 = Vector512<float>.Zero, c51 = Vector512<float>.Zero, c52 = Vector512<float>.Zero, c53 = Vector512<float>.Zero;
        for (int p = 0; p < k; p++)
        {
            Vector512<float> b0 = Vector512.Load(b + 0);
            Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> b2 = Vector512.Load(b + 32);
            Vector512<float> b3 = Vector512.Load(b + 48);
            b += 64;
            Vector512<float> x0 = Vector512.Create(*a0);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            c02 = Vector512.FusedMultiplyAdd(x0, b2, c02);
            c03 = Vector512.FusedMultiplyAdd(x0, b3, c03);
            a0 += step;
            Vector512<float> x1 = Vector512.Create(*a1);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x1, b1, c11);
            c12 = Vector512.FusedMultiplyAdd(x1, b2, c12);
            c13 = Vector512.FusedMultiplyAdd(x1, b3, c13);
            a1 += step;
            Vector512<float> x2 = Vector512.Create(*a2);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x2, b1, c21);
            c22 = Vector512.FusedMultiplyAdd(x2, b2, c22);
            c23 = Vector512.FusedMultiplyAdd(x2, b3, c23);
            a2 += step;
            Vector512<float> x3 = Vector512.Create(*a3);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x3, b1, c31);
            c32 = Vector512.FusedMultiplyAdd(x3, b2, c32);
            c33 = Vector512.FusedMultiplyAdd(x3, b3, c33);
            a3 += step;
            Vector512<float> x4 = Vector512.Create(*a4);
            c40 = Vector512.FusedMultiplyAdd(x4, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x4, b1, c41);
            c42 = Vector512.FusedMultiplyAdd(x4, b2, c42);
            c43 = Vector512.FusedMultiplyAdd(x4, b3, c43);
            a4 += step;
            Vector512<float> x5 = Vector512.Create(*a5);
            c50 = Vector512.FusedMultiplyAdd(x5, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x5, b1, c51);
            c52 = Vector512.FusedMultiplyAdd(x5, b2, c52);
            c53 = Vector512.FusedMultiplyAdd(x5, b3, c53);
            a5 += step;
        }
        Store(c + 0 * ldc + 0, c00, alpha, add);
        Store(c + 0 * ldc + 16, c01, alpha, add);
        Store(c + 0 * ldc + 32, c02, alpha, add);
        Store(c + 0 * ldc + 48, c03, alpha, add);
        if (rows <= 1)
            return;
        Store(c + 1 * ldc + 0, c10, alpha, add);
        Store(c + 1 * ldc + 16, c11, alpha, add);
        Store(c + 1 * ldc + 32, c12, alpha, add);
        Store(c + 1 * ldc + 48, c13, alpha, add);
        if (rows <= 2)
            return;
        Store(c + 2 * ldc + 0, c20, alpha, add);
        Store(c + 2 * ldc + 16, c21, alpha, add);
        Store(c + 2 * ldc + 32, c22, alpha, add);
        Store(c + 2 * ldc + 48, c23, alpha, add);
        if (rows <= 3)
            return;
        Store(c + 3 * ldc + 0, c30, alpha, add);
        Store(c + 3 * ldc + 16, c31, alpha, add);
        Store(c + 3 * ldc + 32, c32, alpha, add);
        Store(c + 3 * ldc + 48, c33, alpha, add);
        if (rows <= 4)
            return;
        Store(c + 4 * ldc + 0, c40, alpha, add);
        Store(c + 4 * ldc + 16, c41, alpha, add);
        Store(c + 4 * ldc + 32, c42, alpha, add);
        Store(c + 4 * ldc + 48, c43, alpha, add);
        if (rows <= 5)
            return;
        Store(c + 5 * ldc + 0, c50, alpha, add);
        Store(c + 5 * ldc + 16, c51, alpha, add);
        Store(c + 5 * ldc + 32, c52, alpha, add);
        Store(c + 5 * ldc + 48, c53, alpha, add);
    }

    /// <summary>c[6, 32] = alpha * a b + beta * c, b packed.</summary>
    private static void Tile32(float* c, long ldc, float alpha, bool add, int k, float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, long step, float* b, int rows)
    {
        Vector512<float> c00 = Vector512<float>.Zero, c01 = Vector512<float>.Zero;
        Vector512<float> c10 = Vector512<float>.Zero, c11 = Vector512<float>.Zero;
        Vector512<float> c20 = Vector512<float>.Zero, c21 = Vector512<float>.Zero;
        Vector512<float> c30 = Vector512<float>.Zero, c31 = Vector512<float>.Zero;
        Vector512<float> c40 = Vector512<float>.Zero, c41 = Vector512<float>.Zero;
        Vector512<float> c50 = Vector512<float>.Zero, c51 = Vector512<float>.Zero;
        for (int p = 0; p < k; p++)
        {
            Vector512<float> b0 = Vector512.Load(b + 0);
            Vector512<float> b1 = Vector512.Load(b + 16);
            b += 32;
            Vector512<float> x0 = Vector512.Create(*a0);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            c01 = Vector512.FusedMultiplyAdd(x0, b1, c01);
            a0 += step;
            Vector512<float> x1 = Vector512.Create(*a1);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            c11 = Vector512.FusedMultiplyAdd(x1, b1, c11);
            a1 += step;
            Vector512<float> x2 = Vector512.Create(*a2);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            c21 = Vector512.FusedMultiplyAdd(x2, b1, c21);
            a2 += step;
            Vector512<float> x3 = Vector512.Create(*a3);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            c31 = Vector512.FusedMultiplyAdd(x3, b1, c31);
            a3 += step;
            Vector512<float> x4 = Vector512.Create(*a4);
            c40 = Vector512.FusedMultiplyAdd(x4, b0, c40);
            c41 = Vector512.FusedMultiplyAdd(x4, b1, c41);
            a4 += step;
            Vector512<float> x5 = Vector512.Create(*a5);
            c50 = Vector512.FusedMultiplyAdd(x5, b0, c50);
            c51 = Vector512.FusedMultiplyAdd(x5, b1, c51);
            a5 += step;
        }
        Store(c + 0 * ldc + 0, c00, alpha, add);
        Store(c + 0 * ldc + 16, c01, alpha, add);
        if (rows <= 1)
            return;
        Store(c + 1 * ldc + 0, c10, alpha, add);
        Store(c + 1 * ldc + 16, c11, alpha, add);
        if (rows <= 2)
            return;
        Store(c + 2 * ldc + 0, c20, alpha, add);
        Store(c + 2 * ldc + 16, c21, alpha, add);
        if (rows <= 3)
            return;
        Store(c + 3 * ldc + 0, c30, alpha, add);
        Store(c + 3 * ldc + 16, c31, alpha, add);
        if (rows <= 4)
            return;
        Store(c + 4 * ldc + 0, c40, alpha, add);
        Store(c + 4 * ldc + 16, c41, alpha, add);
        if (rows <= 5)
            return;
        Store(c + 5 * ldc + 0, c50, alpha, add);
        Store(c + 5 * ldc + 16, c51, alpha, add);
    }

    /// <summary>c[6, 16] = alpha * a b + beta * c, b packed.</summary>
    private static void Tile16(float* c, long ldc, float alpha, bool add, int k, float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, long step, float* b, int rows)
    {
        Vector512<float> c00 = Vector512<float>.Zero;
        Vector512<float> c10 = Vector512<float>.Zero;
        Vector512<float> c20 = Vector512<float>.Zero;
        Vector512<float> c30 = Vector512<float>.Zero;
        Vector512<float> c40 = Vector512<float>.Zero;
        Vector512<float> c50 = Vector512<float>.Zero;
        for (int p = 0; p < k; p++)
        {
            Vector512<float> b0 = Vector512.Load(b + 0);
            b += 16;
            Vector512<float> x0 = Vector512.Create(*a0);
            c00 = Vector512.FusedMultiplyAdd(x0, b0, c00);
            a0 += step;
            Vector512<float> x1 = Vector512.Create(*a1);
            c10 = Vector512.FusedMultiplyAdd(x1, b0, c10);
            a1 += step;
            Vector512<float> x2 = Vector512.Create(*a2);
            c20 = Vector512.FusedMultiplyAdd(x2, b0, c20);
            a2 += step;
            Vector512<float> x3 = Vector512.Create(*a3);
            c30 = Vector512.FusedMultiplyAdd(x3, b0, c30);
            a3 += step;
            Vector512<float> x4 = Vector512.Create(*a4);
            c40 = Vector512.FusedMultiplyAdd(x4, b0, c40);
            a4 += step;
            Vector512<float> x5 = Vector512.Create(*a5);
            c50 = Vector512.FusedMultiplyAdd(x5, b0, c50);
            a5 += step;
        }
        Store(c + 0 * ldc + 0, c00, alpha, add);
        if (rows <= 1)
            return;
        Store(c + 1 * ldc + 0, c10, alpha, add);
        if (rows <= 2)
            return;
        Store(c + 2 * ldc + 0, c20, alpha, add);
        if (rows <= 3)
            return;
        Store(c + 3 * ldc + 0, c30, alpha, add);
        if (rows <= 4)
            return;
        Store(c + 4 * ldc + 0, c40, alpha, add);
        if (rows <= 5)
            return;
        Store(c + 5 * ldc + 0, c50, alpha, add);
    }
}
