namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>In what a <see cref="CopiedTileJob{TFormat, TLeft, TRight}"/> multiplies, and how its warps do. Each of four has 64 x 64 sums.</summary>
internal interface IProductFormat
{
    /// <summary>Bytes of a value.</summary>
    static abstract int Size { get; }

    /// <summary>Terms of a tile: 64 bytes of them.</summary>
    static abstract int Terms { get; }

    /// <summary>Pieces of 16 bytes in a line of a tile [terms, 128], as a power of two.</summary>
    static abstract int PieceBits { get; }

    /// <summary>What the numbers of pieces are exchanged by in a line of a tile [terms, 128].</summary>
    static abstract int Exchange(int line);

    /// <summary>Where in a tile of A a thread reads first.</summary>
    /// <param name="lane">The thread's place in its warp.</param>
    /// <param name="row">The warp's first row, a multiple of 64.</param>
    static abstract uint Left<TLeft>(int lane, int row) where TLeft : struct, ITileOrder;

    /// <summary>Where in a tile of B a thread reads first.</summary>
    /// <param name="lane">The thread's place in its warp.</param>
    /// <param name="column">The warp's first column, a multiple of 64.</param>
    static abstract uint Right<TRight>(int lane, int column) where TRight : struct, ITileOrder;

    /// <summary>The sums with the products of two tiles.</summary>
    static abstract WarpSums Multiply<TLeft, TRight>(WarpSums sums, uint left, uint right) where TLeft : struct, ITileOrder where TRight : struct, ITileOrder;

    /// <summary>Gives a warp's sums to the product.</summary>
    /// <param name="target">Receives them.</param>
    /// <param name="sums">What each thread has of them.</param>
    /// <param name="row">The warp's first row.</param>
    /// <param name="column">The warp's first column.</param>
    static abstract void Put<TLeft, TRight>(ProductTarget target, WarpSums sums, int row, int column) where TLeft : struct, ITileOrder where TRight : struct, ITileOrder;
}
