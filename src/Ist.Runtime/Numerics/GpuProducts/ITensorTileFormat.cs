using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>What a tensor core multiplies in a <see cref="CopiedTileJob{TFormat, TLeft, TRight}"/>, whose tiles are as the factors stand in memory.</summary>
internal interface ITensorTileFormat : ITensorFormat
{
    /// <summary>Bytes of a value.</summary>
    static abstract int Size { get; }

    /// <summary>Pieces of 16 bytes in a line of a tile [terms, 128], as a power of two.</summary>
    static abstract int PieceBits { get; }

    /// <summary>What the numbers of pieces are exchanged by in a line of a tile [terms, 128].</summary>
    static abstract int Exchange(int line);

    /// <summary>Where in a tile [terms, 128] of A a thread reads its part of the first fragment from a row on, a multiple of 64.</summary>
    static abstract uint LeftAcross<TLeft>(int lane, int row) where TLeft : struct, ITileOrder;

    /// <summary>Where in a tile [terms, 128] of B a thread reads its part of the first fragment from a column on, a multiple of 64.</summary>
    static abstract uint RightAcross<TRight>(int lane, int column) where TRight : struct, ITileOrder;

    /// <summary>Reads a fragment of A from a tile [terms, 128].</summary>
    static abstract Fragment LoadLeftAcross(uint at);

    /// <summary>Reads a fragment of B from a tile [terms, 128].</summary>
    static abstract Fragment LoadRightAcross(uint at);
}
