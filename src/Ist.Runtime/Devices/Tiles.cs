namespace Ist.Runtime.Devices;

/// <summary>
/// The rows of a run in tiles, for <c>foreach</c>: what follows a model's stack computes each row from that row alone, so it needs
/// buffers for the rows of one tile, however many the batch has. A tile is valid until the next one; nothing is allocated after the
/// first pass.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="rows">The most rows of a tile.</param>
public struct Tiles(Run run, int rows)
{
    /// <summary>
    /// Rows of a tile where nobody asks for others. Products pack the head's weight once for each tile, so small ones cost time: with 256
    /// rows head and loss take 1 to 5 % longer than in one tile of 1024, with 64 a quarter longer. Products add up rows in panels of 256,
    /// so tiles of as many give the gradient of a trained head the bits of one product.
    /// </summary>
    public const int MostRows = 256;

    private int _first;
    private int _end;

    /// <summary>The tile at hand.</summary>
    public readonly Run Current => run.Tile(_first, _end - _first);

    /// <summary>Itself.</summary>
    public readonly Tiles GetEnumerator() => this;

    /// <summary>Goes to the next tile; false behind the last one.</summary>
    public bool MoveNext()
    {
        (_first, _end) = (_end, _end + Math.Min(rows, run.Rows - _end));
        return _first < _end;
    }
}
