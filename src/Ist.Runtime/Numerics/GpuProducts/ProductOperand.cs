using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>A factor of a product, by the rows or columns that it gives the result ("across") and by what is summed over ("deep").</summary>
/// <param name="values">Its values.</param>
/// <param name="acrossStride">Elements from one row or column of the result to the next.</param>
/// <param name="deepStride">Elements from one term of the sum to the next; this or the other is 1.</param>
/// <param name="count">Rows or columns.</param>
/// <param name="aligned">Whether four values side by side can be read at once.</param>
internal readonly struct ProductOperand(Stored values, long acrossStride, long deepStride, int count, int aligned)
{
    /// <summary>
    /// Four values of a tile that lie side by side, widened and 0 beyond the end. A tile of <paramref name="wide"/> rows or columns and
    /// <paramref name="terms"/> terms has wide terms / 4 of them, counted along the lines of memory.
    /// </summary>
    /// <param name="slot">Which four.</param>
    /// <param name="across">The tile's first row or column.</param>
    /// <param name="deep">Its first term.</param>
    /// <param name="deepEnd">The end of the terms.</param>
    /// <param name="wide">Rows or columns of the tile.</param>
    /// <param name="terms">Its terms.</param>
    public Quad Fetch(int slot, int across, int deep, int deepEnd, int wide, int terms)
    {
        bool deepFirst = deepStride == 1;
        int inLine = (deepFirst ? terms : wide) / 4, line = slot / inLine, at = slot % inLine * 4;
        int firstLine = deepFirst ? across : deep, first = deepFirst ? deep : across;
        return Read(firstLine + line, first + at, deepFirst ? count : deepEnd, deepFirst ? deepEnd : count, deepFirst ? acrossStride : deepStride);
    }

    /// <summary>Puts what <see cref="Fetch"/> gave into a tile of shared memory, [terms, wide], whose terms are wide + 4 floats apart.</summary>
    public void Store(Quad value, ArrayView<float> tile, int slot, int wide, int terms)
    {
        int stride = wide + 4;
        if (deepStride == 1)
        {
            int at = slot % (terms / 4) * 4 * stride + slot / (terms / 4);
            tile[at] = value.X;
            tile[at + stride] = value.Y;
            tile[at + 2 * stride] = value.Z;
            tile[at + 3 * stride] = value.W;
            return;
        }
        tile.Cast<Quad>()[slot / (wide / 4) * (stride / 4) + slot % (wide / 4)] = value;
    }

    // Four values along the side on which they stand next to each other. Lines that end or begin elsewhere are rare, and loops short code.
    private Quad Read(int line, int at, int lines, int end, long stride)
    {
        Quad value = default;
        int left = end - at;
        if (line >= lines)
            return value;
        long first = line * stride + at;
        if (aligned != 0 && left >= 4)
            return values.Load(first, 4, true);
        for (int i = 0; i < left && i < 4; i++)
        {
            float x = values[first + i];
            value = new Quad(i == 0 ? x : value.X, i == 1 ? x : value.Y, i == 2 ? x : value.Z, i == 3 ? x : value.W);
        }
        return value;
    }
}
