using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ist.Runtime.Numerics;

/// <summary>
/// Lays pieces of matrices out as the micro-kernels read them, one k after the other, widened to F32 and filled up with
/// zeros.
/// </summary>
internal static unsafe partial class Packing
{
    // How many rows of a row-major B, or columns of a turned A, are on their way from memory while one is packed. They lie too far from each
    // other for a processor to foresee.
    private const int RowsAhead = 16;

    /// <summary>Rows of A, F32, in strips of <see cref="MicroKernel.Rows"/>: <c>to[i][k][row]</c>.</summary>
    public static void Rows(MatrixOperand a, int rows, int k, float* to)
    {
        long down = a.RowStride, along = a.ColumnStride;
        int done = 0;
        if (down == 1)
        {
            done = rows / MicroKernel.Rows * MicroKernel.Rows;
            DownColumns((float*)a.Data, done, along, k, to);
        }
        for (; done < rows; done += MicroKernel.Rows)
            Strip(a.From(done, 0), Math.Min(MicroKernel.Rows, rows - done), false, k, to + done * k);
    }

    /// <summary>One strip of rows of A, F32.</summary>
    /// <param name="a">The rows.</param>
    /// <param name="rows">How many, at most <see cref="MicroKernel.Rows"/>.</param>
    /// <param name="spare">Whether two floats after each column of the strip can be read.</param>
    /// <param name="k">Columns of A.</param>
    /// <param name="to">Receives the strip, <c>[k][row]</c>.</param>
    public static void Strip(MatrixOperand a, int rows, bool spare, int k, float* to)
    {
        if (rows == MicroKernel.Rows)
            FullStrip((float*)a.Data, a.RowStride, a.ColumnStride, spare, k, to);
        else
            LastStrip((float*)a.Data, a.RowStride, a.ColumnStride, rows, k, to);
    }

    private static void FullStrip(float* row, long down, long along, bool spare, int k, float* to)
    {
        int done = 0;
        if (along == 1 && Avx.IsSupported)
            done = AlongRows(row, down, k, to);
        else if (down == 1 && spare)
            done = DownColumn(row, along, k, to);
        LastStrip(row + done * along, down, along, MicroKernel.Rows, k - done, to + MicroKernel.Rows * done);
    }

    private static int AlongRows(float* row, long down, int k, float* to)
    {
        int p = 0;
        for (; p <= k - 16; p += 16)
        {
            float* next = row + p + MicroKernel.Rows * down;
            Sse.Prefetch0(next);
            Sse.Prefetch0(next + down);
            Sse.Prefetch0(next + 2 * down);
            Sse.Prefetch0(next + 3 * down);
            Sse.Prefetch0(next + 4 * down);
            Sse.Prefetch0(next + 5 * down);
            Turning.Six(row + p, down, to + p * MicroKernel.Rows);
            Turning.Six(row + p + 8, down, to + (p + 8) * MicroKernel.Rows);
        }
        for (; p <= k - 8; p += 8)
            Turning.Six(row + p, down, to + p * MicroKernel.Rows);
        return p;
    }

    // Eight floats are read and stored where six belong: there must be two more rows, and the next k overwrites the two too many, so the
    // last k is left to do singly.
    private static int DownColumn(float* row, long along, int k, float* to)
    {
        int p = 0;
        for (; p + 1 < k; p++)
            Vector256.Load(row + p * along).Store(to + p * MicroKernel.Rows);
        return p;
    }

    // Whole strips side by side, so that a column of A is read in one piece.
    private static void DownColumns(float* a, int rows, long along, int k, float* to)
    {
        for (int p = 0; p < k; p++, a += along, to += MicroKernel.Rows)
        {
            float* strip = to, ahead = a + RowsAhead * along;
            if (Sse.IsSupported)
            {
                for (int row = 0; row < rows; row += 16)
                    Sse.Prefetch0(ahead + row);
            }
            for (int row = 0; row < rows; row += MicroKernel.Rows, strip += MicroKernel.Rows * k)
            {
                Vector128.Load(a + row).Store(strip);
                Vector64.Load(a + row + 4).Store(strip + 4);
            }
        }
    }

    private static void LastStrip(float* row, long down, long along, int rows, int k, float* to)
    {
        for (int p = 0; p < k; p++, row += along, to += MicroKernel.Rows)
        {
            for (int r = 0; r < MicroKernel.Rows; r++)
                to[r] = r < rows ? row[r * down] : 0;
        }
    }
}
