using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics;

/// <summary>A factor of a product, by the rows or columns that it gives the result ("across") and by what is summed over ("deep").</summary>
/// <param name="values">Its values.</param>
/// <param name="acrossStride">Elements from one row or column of the result to the next.</param>
/// <param name="deepStride">Elements from one term of the sum to the next; this or the other is 1.</param>
/// <param name="aligned">Whether four values side by side can be read at once.</param>
internal readonly struct GpuOperand(Stored values, long acrossStride, long deepStride, int aligned)
{
    /// <summary>Rows or columns of a tile.</summary>
    public const int Across = 64;

    /// <summary>Terms of a tile.</summary>
    public const int Deep = 16;

    /// <summary>Floats from one term of a tile to the next: rows begin at multiples of 16 bytes, and meet in fewer banks.</summary>
    public const int Stride = Across + 4;

    /// <summary>Threads that load a tile, four values each.</summary>
    public const int Threads = Across * Deep / 4;

    /// <summary>Copies a tile, widened and 0 beyond the end, into shared memory as [<see cref="Deep"/>, <see cref="Across"/>].</summary>
    /// <param name="tile">Receives it.</param>
    /// <param name="across">Its first row or column.</param>
    /// <param name="deep">Its first term.</param>
    /// <param name="acrossEnd">The end of the rows or columns.</param>
    /// <param name="deepEnd">The end of the terms.</param>
    public void Load(ArrayView<float> tile, int across, int deep, int acrossEnd, int deepEnd)
    {
        int thread = Group.IdxX;
        if (deepStride == 1)
        {
            int a = thread / (Deep / 4), d = thread % (Deep / 4) * 4;
            Quad value = Read(across + a, deep + d, acrossEnd, deepEnd - (deep + d));
            tile[d * Stride + a] = value.X;
            tile[(d + 1) * Stride + a] = value.Y;
            tile[(d + 2) * Stride + a] = value.Z;
            tile[(d + 3) * Stride + a] = value.W;
            return;
        }
        int row = thread / (Across / 4), column = thread % (Across / 4) * 4;
        tile.Cast<Quad>()[(row * Stride + column) / 4] = Read(deep + row, across + column, deepEnd, acrossEnd - (across + column));
    }

    // Four values along the side on which they stand next to each other.
    private Quad Read(int line, int at, int lines, int left)
    {
        if (line >= lines || left <= 0)
            return Quad.Of(0);
        return values.Load(line * (deepStride == 1 ? acrossStride : deepStride) + at, left, aligned != 0 && left >= 4);
    }
}
