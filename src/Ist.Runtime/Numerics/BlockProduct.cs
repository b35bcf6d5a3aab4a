using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A product on one thread, for use within a task. It packs a block of A, and strip by strip of B, and multiplies each strip
/// while it is warm. Sums over k are cut into panels of <see cref="PanelDepth"/>, whatever the shape, so the bits of an
/// element depend on its row of A and its column of B alone.
/// </summary>
internal static unsafe class BlockProduct
{
    /// <summary>Length of a panel: a strip of A stays in the first cache, a block of it in the second.</summary>
    public const int PanelDepth = 256;

    /// <summary>Rows of A that are packed at once.</summary>
    public const int BlockRows = 96;

    /// <summary>Floats that <c>Multiply</c> needs for packing.</summary>
    public const int PackFloats = PanelDepth * (BlockRows + MicroKernel.MostColumns);

    /// <summary>Below this many rows a row-major B of F32 is read where it is: packing would cost more than it saves.</summary>
    public const int RowsWorthPacking = 24;

    /// <summary>C = or += alpha A B.</summary>
    /// <param name="pack">Room for <see cref="PackFloats"/> floats, aligned to 64 bytes.</param>
    /// <param name="into">Whether C is set or added to.</param>
    /// <param name="alpha">Scales the product.</param>
    /// <param name="c">[m, n].</param>
    /// <param name="ldc">Floats from one row of C to the next.</param>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Columns of B.</param>
    /// <param name="k">Columns of A, rows of B; at least 1.</param>
    /// <param name="a">[m, k], F32.</param>
    /// <param name="b">[k, n].</param>
    public static void Multiply(
        float* pack, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        for (int row = 0; row < m; row += BlockRows)
        {
            int rows = Math.Min(BlockRows, m - row);
            Into first = into;
            for (int deep = 0; deep < k; deep += PanelDepth, first = Into.Add)
            {
                int depth = Math.Min(PanelDepth, k - deep);
                Packing.Rows(a.From(row, deep), rows, depth, pack);
                Panel(pack, first, alpha, c + (long)row * ldc, ldc, rows, n, depth, b.From(deep, 0));
            }
        }
    }

    private static void Panel(float* pack, Into into, float alpha, float* c, int ldc, int rows, int n, int depth, MatrixOperand b)
    {
        float* strip = pack + PanelDepth * BlockRows;
        bool readable = rows < RowsWorthPacking && b is { DType: DType.F32, ColumnStride: 1 };
        for (int column = 0; column < n;)
        {
            int width = MicroKernel.StripWidth(n - column), columns = Math.Min(width, n - column);
            MatrixOperand part = b.From(0, column);
            float* from = (float*)part.Data;
            nint ldb = (nint)b.RowStride;
            if (!readable || columns < width)
            {
                Packing.Columns(part, columns, width, depth, strip);
                from = strip;
                ldb = width;
            }
            MicroKernel.Tiles(depth, pack, from, ldb, width, into, alpha, c + column, ldc, rows, columns);
            column += width;
        }
    }
}
