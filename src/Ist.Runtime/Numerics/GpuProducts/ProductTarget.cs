using ILGPU;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>Where the sums of a product go: C = or += alpha sum, or one part of several of each sum.</summary>
/// <param name="c">[parts, m, n]; sums are rounded where it is BF16.</param>
/// <param name="ldc">Floats from one row to the next.</param>
/// <param name="m">Rows.</param>
/// <param name="n">Columns.</param>
/// <param name="alpha">Scales the sums.</param>
/// <param name="into">Whether C is set or added to, an <see cref="Into"/>.</param>
/// <param name="part">Floats from one part to the next; 0 where there is one.</param>
/// <param name="aligned">Whether four elements of a row can be read at once.</param>
internal readonly struct ProductTarget(Values c, int ldc, int m, int n, float alpha, int into, long part, int aligned)
{
    /// <summary>Four sums of a row, those of them that C has.</summary>
    public void Put(Quad sums, int row, int column)
    {
        int left = n - column;
        if (row >= m || left <= 0)
            return;
        long at = Grid.IdxZ * part + (long)row * ldc + column;
        bool adds = into == (int)Into.Add;
        sums *= alpha;
        if (aligned != 0 && left >= 4)
        {
            Quads.Put(sums, adds, c, at, 4, true);
            return;
        }
        for (int i = 0; i < left && i < 4; i++)
        {
            float sum = i == 0 ? sums.X : i == 1 ? sums.Y : i == 2 ? sums.Z : sums.W;
            c.Set(at + i, adds ? c[at + i] + sum : sum);
        }
    }

    /// <summary>Four sums of each of four rows, which lie so many rows apart.</summary>
    public void Put(QuadBlock sums, int row, int column, int stride)
    {
        Put(sums.A, row, column);
        Put(sums.B, row + stride, column);
        Put(sums.C, row + 2 * stride, column);
        Put(sums.D, row + 3 * stride, column);
    }
}
