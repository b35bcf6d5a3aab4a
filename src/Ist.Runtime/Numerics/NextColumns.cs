using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ist.Runtime.Numerics;

/// <summary>
/// Rows of 64 columns of a row-major B in F32 that are packed in wide strips while tiles are multiplied by columns before them, a row or two a
/// tile, so that the time in which they come from memory passes in products.
/// </summary>
/// <param name="from">The first row.</param>
/// <param name="stride">Floats from one row to the next.</param>
/// <param name="to">Receives the strips, [columns / width][<paramref name="depth"/>][width].</param>
/// <param name="depth">Rows of a strip.</param>
/// <param name="rows">Rows.</param>
/// <param name="tiles">Among how many tiles they are shared out.</param>
internal unsafe struct NextColumns(float* from, nint stride, float* to, int depth, int rows, int tiles)
{
    /// <summary>How many columns.</summary>
    public const int Count = MicroKernel.MostColumns;

    private const int Quarter = Count / 4;

    private readonly int _ofTile = (int)MatrixProduct.Blocks(rows, tiles);
    private float* _from = from, _to = to;
    private int _left = rows;

    // Floats from 16 columns to the next in strips: of their own, or all in one.
    private readonly nint Apart => MicroKernel.Wide == Quarter ? (nint)depth * Quarter : Quarter;

    /// <summary>Packs the rows of one tile, and asks for those of the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pack()
    {
        for (int end = Math.Max(_left - _ofTile, 0); _left > end; _left--, _from += stride, _to += MicroKernel.Wide)
        {
            float* ahead = _from + _ofTile * stride;
            Strip(ahead, _from, _to);
            Strip(ahead + Quarter, _from + Quarter, _to + Apart);
            Strip(ahead + 2 * Quarter, _from + 2 * Quarter, _to + 2 * Apart);
            Strip(ahead + 3 * Quarter, _from + 3 * Quarter, _to + 3 * Apart);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Strip(float* ahead, float* from, float* to)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(ahead);
        Vector256.Load(from).Store(to);
        Vector256.Load(from + 8).Store(to + 8);
    }
}
