using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// Tiles of factors in shared memory for tensor cores: 128 rows or columns by 64 bytes of terms. Lines are some bytes longer than what they
/// hold, so that the eight that are read at once lie in different banks.
/// </summary>
internal static class TensorTile
{
    /// <summary>Rows or columns.</summary>
    public const int Wide = 128;

    /// <summary>Bytes that a tile has, whatever its order.</summary>
    public const int Bytes = Wide * DeepLine;

    // A line of 64 bytes of terms.
    private const int DeepLine = 80;

    /// <summary>Bytes from one term to the next in a tile [terms, 128].</summary>
    public static int Line(int terms) => (Wide + 8) * (64 / terms);

    /// <summary>Bytes from a fragment to the one of the next 16 rows or columns.</summary>
    public static uint AcrossStep<TFormat, TOrder>() where TFormat : struct, ITensorFormat where TOrder : struct, ITileOrder =>
        TOrder.IsDeepFirst ? 16 * DeepLine : 16 * 64 / (uint)TFormat.Terms;

    /// <summary>Bytes from a fragment to the one of the next 32 bytes of terms, which are half of a tile's.</summary>
    public static uint DeepStep<TFormat, TOrder>() where TFormat : struct, ITensorFormat where TOrder : struct, ITileOrder =>
        TOrder.IsDeepFirst ? 32 : (uint)(TFormat.Terms / 2 * Line(TFormat.Terms));

    /// <summary>Where a thread reads its part of the first fragment.</summary>
    public static uint Lane<TFormat, TOrder>(int lane) where TFormat : struct, ITensorFormat where TOrder : struct, ITileOrder =>
        // Matrices 0 and 1 are the first 16 bytes of both eights of rows, 2 and 3 the next 16.
        TOrder.IsDeepFirst ? (uint)(lane % 16 * DeepLine + lane / 16 * 16) : TFormat.Lane(lane);

    /// <summary>Reads a fragment.</summary>
    public static Fragment Load<TFormat, TOrder>(uint at) where TFormat : struct, ITensorFormat where TOrder : struct, ITileOrder =>
        TOrder.IsDeepFirst ? TensorCore.LoadMatrices(at) : TFormat.Load(at);

    /// <summary>Rounds and writes what <see cref="ProductOperand.Fetch"/> gave for a slot.</summary>
    public static void Store<TFormat, TOrder>(Quad values, uint tile, int slot) where TFormat : struct, ITensorFormat where TOrder : struct, ITileOrder =>
        TFormat.Store(values, tile + Place<TFormat, TOrder>(slot, TFormat.Terms / 4, Wide / 4));

    /// <summary>Where a piece of a line stands, of which there are so many in a line of terms, or of rows or columns.</summary>
    public static uint Place<TFormat, TOrder>(int piece, int deep, int wide) where TFormat : struct, ITensorFormat where TOrder : struct, ITileOrder =>
        TOrder.IsDeepFirst
            ? (uint)(piece / deep * DeepLine + piece % deep * (64 / deep))
            : (uint)(piece / wide * Line(TFormat.Terms) + piece % wide * (Wide * 64 / TFormat.Terms / wide));
}
