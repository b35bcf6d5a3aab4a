using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// Tiles of factors in shared memory: 128 rows or columns by 64 bytes of terms, in lines as the factor has them. Pieces of 16 bytes
/// change places within their line, by the exclusive or of their number and the line's, so that those that are read at once lie in different banks.
/// </summary>
internal static class CopiedTile
{
    /// <summary>Rows or columns.</summary>
    public const int Wide = 128;

    /// <summary>Bytes of a tile, whatever its order.</summary>
    public const int Bytes = Wide * Deep;

    /// <summary>Bytes that are copied at once.</summary>
    public const int Piece = 16;

    /// <summary>Threads of a group.</summary>
    public const int Threads = 128;

    /// <summary>Bytes that all threads copy together, a piece each.</summary>
    public const int Pass = Threads * Piece;

    /// <summary>Bytes of terms.</summary>
    public const int Deep = 64;

    /// <summary>Pieces of a line, as a power of two.</summary>
    public static int PieceBits<TFormat, TOrder>() where TFormat : struct, IProductFormat where TOrder : struct, ITileOrder =>
        TOrder.IsDeepFirst ? 2 : TFormat.PieceBits;

    /// <summary>Where a piece stands.</summary>
    public static uint Place<TFormat, TOrder>(int line, int piece) where TFormat : struct, IProductFormat where TOrder : struct, ITileOrder =>
        (uint)(((line << PieceBits<TFormat, TOrder>()) + (piece ^ (TOrder.IsDeepFirst ? ((line >> 1) & 3) ^ ((line >> 3) & 1) : TFormat.Exchange(line)))) * Piece);
}
