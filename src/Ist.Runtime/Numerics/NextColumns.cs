using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ist.Runtime.Numerics;

/// <summary>
/// Rows of 64 columns of a row-major B in F32 that are packed in four strips while tiles are multiplied by columns before them, a row or two a
/// tile, so that the time in which they come from memory passes in products.
/// </summary>
/// <param name="from">The first row.</param>
/// <param name="stride">Floats from one row to the next.</param>
/// <param name="to">Receives the first strip, [rows][16].</param>
/// <param name="apart">Floats from a strip to the next.</param>
/// <param name="rows">Rows.</param>
/// <param name="tiles">Among how many tiles they are shared out.</param>
internal unsafe struct NextColumns(float* from, nint stride, float* to, nint apart, int rows, int tiles)
{
    /// <summary>How many columns.</summary>
    public const int Count = 4 * MicroKernel256.WideColumns;

    private readonly int _ofTile = (int)MatrixProduct.Blocks(rows, tiles);
    private float* _from = from, _to = to;
    private int _left = rows;

    /// <summary>Packs the rows of one tile, and asks for those of the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pack()
    {
        for (int end = Math.Max(_left - _ofTile, 0); _left > end; _left--, _from += stride, _to += MicroKernel256.WideColumns)
        {
            float* ahead = _from + _ofTile * stride;
            Strip(ahead, _from, _to);
            Strip(ahead + 16, _from + 16, _to + apart);
            Strip(ahead + 32, _from + 32, _to + 2 * apart);
            Strip(ahead + 48, _from + 48, _to + 3 * apart);
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
