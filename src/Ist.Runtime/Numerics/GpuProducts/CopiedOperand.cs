using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>A factor whose memory may be copied into tiles as it is, past the registers: BF16 where BF16 is multiplied.</summary>
/// <param name="values">The factor.</param>
/// <param name="address">Of its first element; 0 where it must be widened or rounded, or its lines don't begin at multiples of 16 bytes.</param>
/// <param name="line">Bytes from one line of its memory to the next.</param>
/// <param name="count">Rows or columns.</param>
internal readonly struct CopiedOperand(ProductOperand values, long address, long line, int count)
{
    /// <summary>Terms of BF16 in 16 bytes.</summary>
    private const int Piece = 8;

    /// <summary>The factor, where it is not copied.</summary>
    public ProductOperand Values => values;

    /// <summary>Whether it is copied.</summary>
    public bool IsCopied => address != 0;

    /// <summary>Begins to copy a piece of a tile, 16 bytes, of which those beyond the end become 0.</summary>
    /// <param name="tile">The tile in shared memory.</param>
    /// <param name="piece">Which of 512.</param>
    /// <param name="across">The tile's first row or column.</param>
    /// <param name="deep">Its first term.</param>
    /// <param name="deepEnd">The end of the terms.</param>
    public void Copy<TFormat, TOrder>(uint tile, int piece, int across, int deep, int deepEnd)
        where TFormat : struct, ITensorFormat where TOrder : struct, ITileOrder
    {
        int inDeep = TFormat.Terms / Piece, inWide = TensorTile.Wide / Piece;
        int row = TOrder.IsDeepFirst ? across + piece / inDeep : deep + piece / inWide, rows = TOrder.IsDeepFirst ? count : deepEnd;
        int at = TOrder.IsDeepFirst ? deep + piece % inDeep * Piece : across + piece % inWide * Piece, end = TOrder.IsDeepFirst ? deepEnd : count;
        int given = row < rows ? IntrinsicMath.Clamp(end - at, 0, Piece) : 0;
        long from = given == 0 ? address : address + row * line + at * sizeof(ushort);
        TensorCore.Copy(tile + TensorTile.Place<TFormat, TOrder>(piece, inDeep, inWide), from, given * sizeof(ushort));
    }
}
