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
    public void Put(Quad sums, int row, int column) => Put(sums, Before(row, column), row, column);

    /// <summary>Four sums of each of four rows, which lie so many rows apart.</summary>
    public void Put(QuadBlock sums, int row, int column, int stride)
    {
        QuadBlock before = new()
        {
            A = Before(row, column),
            B = Before(row + stride, column),
            C = Before(row + 2 * stride, column),
            D = Before(row + 3 * stride, column),
        };
        Put(sums.A, before.A, row, column);
        Put(sums.B, before.B, row + stride, column);
        Put(sums.C, before.C, row + 2 * stride, column);
        Put(sums.D, before.D, row + 3 * stride, column);
    }

    // Four elements of a row of C to which sums are added; 0 where it is set, and beyond its edges.
    private Quad Before(int row, int column)
    {
        int left = n - column;
        return into == (int)Into.Add && row < m && left > 0 ? Quads.Load(c, At(row, column), left, IsWhole(left)) : default;
    }

    private void Put(Quad sums, Quad before, int row, int column)
    {
        int left = n - column;
        if (row >= m || left <= 0)
            return;
        sums *= alpha;
        Quads.Store(into == (int)Into.Add ? before + sums : sums, c, At(row, column), left, IsWhole(left));
    }

    private long At(int row, int column) => Grid.IdxZ * part + (long)row * ldc + column;

    private bool IsWhole(int left) => aligned != 0 && left >= 4;
}
