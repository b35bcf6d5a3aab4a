using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>What the threads of a group copy of a factor into a tile [wide, terms] of shared memory, whose lines are terms + 4 floats apart.</summary>
internal static class NarrowTile
{
    /// <summary>Four elements side by side.</summary>
    /// <param name="factor">The factor, whose lines lie as TOrder says.</param>
    /// <param name="slot">Which four of the tile, of wide terms / 4.</param>
    /// <param name="across">The tile's first row or column.</param>
    /// <param name="deep">Its first term.</param>
    /// <param name="wide">Rows or columns of the tile.</param>
    /// <param name="terms">Its terms.</param>
    public static Quad Fetch<TOrder>(WholeFactor factor, int slot, int across, int deep, int wide, int terms) where TOrder : struct, ITileOrder => TOrder.IsDeepFirst
        ? factor.Four(across + slot / (terms / 4), deep + slot % (terms / 4) * 4)
        : factor.Four(deep + slot / (wide / 4), across + slot % (wide / 4) * 4);

    /// <summary>Puts them there.</summary>
    public static void Store<TOrder>(Quad value, ArrayView<Quad> tile, int slot, int wide, int terms) where TOrder : struct, ITileOrder
    {
        int stride = terms + 4;
        if (TOrder.IsDeepFirst)
        {
            tile[slot / (terms / 4) * (stride / 4) + slot % (terms / 4)] = value;
            return;
        }
        ArrayView<float> floats = tile.Cast<float>();
        int at = slot % (wide / 4) * 4 * stride + slot / (wide / 4);
        floats[at] = value.X;
        floats[at + stride] = value.Y;
        floats[at + 2 * stride] = value.Z;
        floats[at + 3 * stride] = value.W;
    }
}
