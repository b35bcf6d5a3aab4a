using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ist.Runtime.Numerics;

/// <summary>
/// The innermost loops of products with few rows or few columns. Their wide factor is read where it lies, and meanwhile the next piece of it, which no processor
/// foresees, is asked for into the second cache. Each sum is taken over k in order from zero by fused multiply-adds, as in <see cref="MicroKernel"/>.
/// </summary>
internal static unsafe class ThinKernel
{
    /// <summary>Rows of the smaller tile across a wide factor.</summary>
    public const int FewRows = 4;

    /// <summary>Rows of a tile down a tall factor at most.</summary>
    public const int MostRows = 8;

    /// <summary>Columns of a strip of a narrow factor at most.</summary>
    public const int MostNarrowColumns = 16;

    /// <summary>Floats of a line of the caches; the kernels ask for what is next once in so many k.</summary>
    public const int Line = 16;

    /// <summary>Columns of a strip of a wide factor.</summary>
    public const int WideColumns = 32;

    /// <summary>Rows of the larger tile across a wide factor.</summary>
    public static int ManyRows => Vector512.IsHardwareAccelerated ? 8 : 6;

    /// <summary>sums[row][column] = sum over k of a[k][row] b[k][column], over a strip of a wide B.</summary>
    /// <param name="rows"><see cref="ManyRows"/> or <see cref="FewRows"/>.</param>
    /// <param name="k">Length of the sums, at least 1.</param>
    /// <param name="a">The rows, beside each other.</param>
    /// <param name="lda">Floats from one k to the next in <paramref name="a"/>.</param>
    /// <param name="b">The columns.</param>
    /// <param name="ldb">Floats from one k to the next in <paramref name="b"/>.</param>
    /// <param name="next">Rows that will be read as <paramref name="b"/> next.</param>
    /// <param name="asked">How many of them are asked for with each <see cref="Line"/> rows of <paramref name="b"/>.</param>
    /// <param name="sums">Receives the sums, [<paramref name="rows"/>][<see cref="WideColumns"/>].</param>
    public static void Across(int rows, int k, float* a, nint lda, float* b, nint ldb, float* next, int asked, float* sums)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            if (rows == FewRows)
                ThinKernel512.FourAcross(k, a, lda, b, ldb, next, asked, sums);
            else
                ThinKernel512.EightAcross(k, a, lda, b, ldb, next, asked, sums);
        }
        else if (rows == FewRows)
        {
            ThinKernel256.FourAcross(k, a, lda, b, ldb, next, asked, sums);
            ThinKernel256.FourAcross(k, a, lda, b + 16, ldb, next, 0, sums + 16);
        }
        else
        {
            ThinKernel256.SixAcross(k, a, lda, b, ldb, next, asked, sums);
            ThinKernel256.SixAcross(k, a, lda, b + 16, ldb, next, 0, sums + 16);
        }
    }

    /// <summary>Rows of a tile down a tall factor, for so many columns.</summary>
    public static int DownRows(int columns) => Fills512(columns) ? 8 : 6;

    /// <summary>Columns of the next strip of a narrow factor of so many columns, when this many are left.</summary>
    public static int DownWidth(int columns, int left) => Fills512(columns) || left > 8 ? 16 : 8;

    /// <summary>sums[row][column] = sum over k of a[row][k] b[k][column].</summary>
    /// <param name="columns">Columns of the narrow factor, by which there are <see cref="DownRows"/> rows.</param>
    /// <param name="width">Columns of the strip, from <see cref="DownWidth"/>.</param>
    /// <param name="k">Length of the sums, at least 1.</param>
    /// <param name="a">The rows, each along k.</param>
    /// <param name="lda">Floats from one row to the next in <paramref name="a"/>.</param>
    /// <param name="b">The columns, [k][<paramref name="width"/>].</param>
    /// <param name="next">What will be read as <paramref name="a"/> next; that itself where there is nothing to ask for.</param>
    /// <param name="sums">Receives the sums, [rows][<paramref name="width"/>].</param>
    public static void Down(int columns, int width, int k, float* a, nint lda, float* b, float* next, float* sums)
    {
        if (Fills512(columns))
            ThinKernel512.EightDown(k, a, lda, b, next, sums);
        else if (width == 16)
            ThinKernel256.SixWideDown(k, a, lda, b, next, sums);
        else
            ThinKernel256.SixNarrowDown(k, a, lda, b, next, sums);
    }

    /// <summary>Asks for some rows of a strip, and gives the one after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* AskAcross(float* next, int rows, nint ldb)
    {
        if (!Sse.IsSupported)
            return next;
        for (; rows > 0; rows--, next += ldb)
        {
            Sse.Prefetch1(next);
            Sse.Prefetch1(next + Line);
        }
        return next;
    }

    /// <summary>Asks for a line of each of some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AskDown(float* next, int rows, nint lda)
    {
        if (!Sse.IsSupported)
            return;
        for (int row = 0; row < rows; row++, next += lda)
            Sse.Prefetch1(next);
    }

    private static bool Fills512(int columns) => Vector512.IsHardwareAccelerated && columns > 8;
}
