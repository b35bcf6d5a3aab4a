using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A right factor of products within a task, packed once for all rows that it is multiplied by: strips of columns, each <c>[k][width]</c>.
/// Or one that lies row-major and is read as it is, where it serves too few rows to be worth packing.
/// </summary>
internal readonly unsafe struct PackedColumns
{
    private readonly float* _data;
    private readonly nint _stride;

    private PackedColumns(float* data, nint stride, int k, int columns)
    {
        _data = data;
        _stride = stride;
        K = k;
        Columns = columns;
    }

    /// <summary>Rows.</summary>
    public int K { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Floats that packing needs at most.</summary>
    public static int Floats(int k, int columns) => k * MatrixProduct.RoundUp(columns, Lanes.Count);

    /// <summary>Packs a matrix [k, columns].</summary>
    public static PackedColumns Pack(MatrixOperand b, int k, int columns, float* to)
    {
        for (int column = 0; column < columns;)
        {
            int width = MicroKernel.StripWidth(columns - column);
            Packing.Columns(b.From(0, column), Math.Min(width, columns - column), width, k, to + (long)column * k);
            column += width;
        }
        return new PackedColumns(to, 0, k, columns);
    }

    /// <summary>Whether a row-major matrix of so many columns can be read as it is: there must be no rest that fills no strip.</summary>
    public static bool CanRead(int columns) => columns % Lanes.Count == 0;

    /// <summary>A row-major matrix [k, columns] as it is.</summary>
    public static PackedColumns Read(float* data, int stride, int k, int columns) => new(data, stride, k, columns);

    /// <summary>
    /// C = or += alpha A B over rows <paramref name="begin"/> to <paramref name="end"/> of B, for a strip of rows of A. Columns from
    /// <paramref name="n"/> on are left as they are or computed too, as strips end.
    /// </summary>
    /// <param name="pack">Room for a strip: <see cref="MicroKernel.Rows"/> x <see cref="BlockProduct.PanelDepth"/> floats.</param>
    /// <param name="into">Whether C is set or added to.</param>
    /// <param name="alpha">Scales the product.</param>
    /// <param name="c">The strip of C.</param>
    /// <param name="ldc">Floats from one row of C to the next.</param>
    /// <param name="rows">Rows of the strip, at most <see cref="MicroKernel.Rows"/>.</param>
    /// <param name="n">Columns that are wanted.</param>
    /// <param name="a">The strip of A, whose columns count as the rows of B do.</param>
    /// <param name="begin">The first row of B.</param>
    /// <param name="end">The end of its rows.</param>
    /// <param name="spare">Whether two floats after each column of the strip can be read, where A is stored turned.</param>
    public void Multiply(float* pack, Into into, float alpha, float* c, int ldc, int rows, int n, MatrixOperand a, int begin, int end, bool spare = false)
    {
        for (int deep = begin; deep < end; deep += BlockProduct.PanelDepth, into = Into.Add)
        {
            int depth = Math.Min(BlockProduct.PanelDepth, end - deep);
            Packing.Strip(a.From(0, deep), rows, spare, depth, pack);
            for (int column = 0; column < n;)
            {
                int strip = MicroKernel.StripWidth(Columns - column), wanted = Math.Min(n, column + strip);
                float* from = _stride == 0 ? _data + (long)column * K + (long)deep * strip : _data + deep * _stride + column;
                nint stride = _stride == 0 ? strip : _stride;
                // Where only the beginning of a wide strip is wanted, narrow tiles of it are less work.
                for (int first = column; column < wanted;)
                {
                    int width = Math.Min(strip, MicroKernel.StripWidth(wanted - column));
                    MicroKernel.Tiles(depth, pack, from + (column - first), stride, width, into, alpha, c + column, ldc, rows, Math.Min(width, Columns - column));
                    column += width;
                }
            }
        }
    }
}
