using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// What a thread copies of a factor's tiles, past the registers: four pieces of 16 bytes of each, in lines that lie evenly apart. What is beyond
/// the factor's edge or the terms' end becomes 0.
/// </summary>
internal struct TileCopy
{
    private long _from;
    private long _pass;
    private long _tile;
    private int _lines;
    private int _bytes;
    private uint _to;

    /// <summary>The pieces of a thread.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="across">The tiles' first row or column.</param>
    /// <param name="begin">The first tile's first term.</param>
    /// <param name="end">The end of the terms.</param>
    public static TileCopy Of<TFormat, TOrder>(CopiedFactor factor, int across, int begin, int end) where TFormat : struct, IProductFormat where TOrder : struct, ITileOrder
    {
        int bits = CopiedTile.PieceBits<TFormat, TOrder>(), line = Group.IdxX >> bits, piece = Group.IdxX & ((1 << bits) - 1);
        int firstLine = TOrder.IsDeepFirst ? across : begin, first = TOrder.IsDeepFirst ? begin : across;
        return new TileCopy
        {
            _from = factor.Address + (firstLine + line) * factor.Line + (long)first * TFormat.Size + piece * CopiedTile.Piece,
            _pass = (CopiedTile.Threads >> bits) * factor.Line,
            _tile = TOrder.IsDeepFirst ? TFormat.Terms * TFormat.Size : TFormat.Terms * factor.Line,
            _lines = (TOrder.IsDeepFirst ? factor.Count : end) - firstLine - line,
            _bytes = ((TOrder.IsDeepFirst ? end : factor.Count) - first) * TFormat.Size - piece * CopiedTile.Piece,
            _to = CopiedTile.Place<TFormat, TOrder>(line, piece),
        };
    }

    /// <summary>Begins to copy the next tile.</summary>
    /// <param name="tile">Where in shared memory.</param>
    public void Next<TFormat, TOrder>(uint tile) where TFormat : struct, IProductFormat where TOrder : struct, ITileOrder
    {
        int lines = CopiedTile.Threads >> CopiedTile.PieceBits<TFormat, TOrder>(), bytes = IntrinsicMath.Clamp(_bytes, 0, CopiedTile.Piece);
        uint to = tile + _to;
        TensorCore.Copy(to, _from, _lines > 0 ? bytes : 0);
        TensorCore.Copy(to + CopiedTile.Pass, _from + _pass, _lines > lines ? bytes : 0);
        TensorCore.Copy(to + 2 * CopiedTile.Pass, _from + 2 * _pass, _lines > 2 * lines ? bytes : 0);
        TensorCore.Copy(to + 3 * CopiedTile.Pass, _from + 3 * _pass, _lines > 3 * lines ? bytes : 0);
        _from += _tile;
        if (TOrder.IsDeepFirst)
            _bytes -= TFormat.Terms * TFormat.Size;
        else
            _lines -= TFormat.Terms;
    }
}
