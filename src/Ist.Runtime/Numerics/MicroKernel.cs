using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// The innermost loop of all products: 6 rows of C by a strip of columns, C = or += alpha * sum over k of a[k][row] * b[k][column].
/// Each element is summed over k in order from zero by fused multiply-adds, and then scaled: its bits depend neither on the
/// width of the machine's vectors nor on where in a tile it stands.
/// </summary>
internal static unsafe class MicroKernel
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>The most columns of a strip on any machine.</summary>
    public const int MostColumns = 64;

    /// <summary>Columns of a wide strip.</summary>
    public static int Wide => Vector512.IsHardwareAccelerated ? 64 : MicroKernel256.WideColumns;

    private static int Narrow => Vector512.IsHardwareAccelerated ? 16 : 8;

    /// <summary>Columns of the next strip when this many are left: a wide one, or a narrow one for a small rest.</summary>
    public static int StripWidth(int left) => left > Wide - Narrow ? Wide : Narrow;

    /// <summary>Tiles one under the other; only <paramref name="rows"/> x <paramref name="columns"/> of them are stored.</summary>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">Rows, [tile][k][6].</param>
    /// <param name="b">Columns, [k][<paramref name="width"/>] at a distance of <paramref name="ldb"/>.</param>
    /// <param name="ldb">Floats from one k to the next in <paramref name="b"/>.</param>
    /// <param name="width">Columns of the strip, from <see cref="StripWidth"/>.</param>
    /// <param name="into">Whether C is set or added to.</param>
    /// <param name="alpha">What the sums are multiplied by.</param>
    /// <param name="c">The first tile of C.</param>
    /// <param name="ldc">Floats from one row of C to the next.</param>
    /// <param name="rows">Rows of C.</param>
    /// <param name="columns">Columns of C, at most <paramref name="width"/>.</param>
    /// <param name="next">Packed meanwhile; only beside whole tiles of a wide strip.</param>
    public static void Tiles(
        int k, float* a, float* b, nint ldb, int width, Into into, float alpha, float* c, nint ldc, int rows, int columns, NextColumns next = default)
    {
        int whole = columns == width ? rows / Rows : 0, done = whole * Rows;
        if (whole > 0)
            Whole(whole, k, a, b, ldb, width, into, alpha, c, ldc, next);
        for (; done < rows; done += Rows)
            Edge(k, a + (long)done * k, b, ldb, width, into, alpha, c + done * ldc, ldc, Math.Min(Rows, rows - done), columns);
    }

    [SkipLocalsInit]
    private static void Edge(int k, float* a, float* b, nint ldb, int width, Into into, float alpha, float* c, nint ldc, int rows, int columns)
    {
        float* sums = stackalloc float[Rows * MostColumns];
        Whole(1, k, a, b, ldb, width, Into.Set, 1, sums, width, default);
        for (int r = 0; r < rows; r++)
            Put(into, alpha, sums + r * width, c + r * ldc, columns);
    }

    private static void Whole(int tiles, int k, float* a, float* b, nint ldb, int width, Into into, float alpha, float* c, nint ldc, NextColumns next)
    {
        if (width == Wide)
        {
            if (Vector512.IsHardwareAccelerated)
                MicroKernel512.Wide(tiles, k, a, b, ldb, into, alpha, c, ldc, next);
            else
                MicroKernel256.Wide(tiles, k, a, b, ldb, into, alpha, c, ldc, next);
            return;
        }
        for (; tiles > 0; tiles--, a += Rows * k, c += Rows * ldc)
        {
            if (Vector512.IsHardwareAccelerated)
                MicroKernel512.Narrow(k, a, b, ldb, into, alpha, c, ldc);
            else
                MicroKernel256.Narrow(k, a, b, ldb, into, alpha, c, ldc);
        }
    }

    /// <summary>C = or += alpha times sums, a row of <paramref name="columns"/>.</summary>
    public static void Put(Into into, float alpha, float* sums, float* c, int columns)
    {
        int j = 0;
        for (; j <= columns - 8; j += 8)
        {
            Vector256<float> sum = Vector256.Load(sums + j), scale = Vector256.Create(alpha);
            Vector256<float> value = into == Into.Set ? scale * sum : Vector256.FusedMultiplyAdd(scale, sum, Vector256.Load(c + j));
            value.Store(c + j);
        }
        for (; j < columns; j++)
            c[j] = into == Into.Set ? alpha * sums[j] : MathF.FusedMultiplyAdd(alpha, sums[j], c[j]);
    }
}
