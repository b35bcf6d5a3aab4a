using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A product in F32 whose C is large: as <see cref="Tile64Job"/>, but a group computes 128 x 128 elements and a thread 8 x 8, in four
/// blocks that lie 64 apart. It multiplies sixteen times for each float that it reads of shared memory, twice as often.
/// </summary>
/// <param name="target">Receives the sums.</param>
/// <param name="a">The left factor.</param>
/// <param name="b">The right one.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="length">Those of a part, a multiple of <see cref="Terms"/>.</param>
internal readonly struct Tile128Job(ProductTarget target, ProductOperand a, ProductOperand b, int k, int length) : IGpuJob
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Wide = 128;

    /// <summary>Terms of a tile.</summary>
    public const int Terms = 16;

    private const int Stride = Wide + 4, Size = Terms * Stride, Threads = ProductPlan.Threads;

    public void Execute()
    {
        ArrayView<float> tilesA = SharedMemory.Allocate<float>(2 * Size), tilesB = SharedMemory.Allocate<float>(2 * Size);
        int row = Grid.IdxY * Wide, column = Grid.IdxX * Wide, slot = Group.IdxX, current = 0;
        int begin = Grid.IdxZ * length, end = IntrinsicMath.Min(k, begin + length);
        ArrayView<Quad> left = tilesA.Cast<Quad>().SubView(slot / 16), right = tilesB.Cast<Quad>().SubView(slot % 16);
        QuadBlock upperLeft = default, upperRight = default, lowerLeft = default, lowerRight = default;
        for (int deep = begin - Terms; deep < end; deep += Terms)
        {
            // Beyond the end there is nothing to read, and the last tile is of zeros.
            int next = deep + Terms;
            Quad a0 = a.Fetch(slot, row, next, end, Wide, Terms), a1 = a.Fetch(slot + Threads, row, next, end, Wide, Terms);
            Quad b0 = b.Fetch(slot, column, next, end, Wide, Terms), b1 = b.Fetch(slot + Threads, column, next, end, Wide, Terms);
            for (int at = current / 4; at < (current + Size) / 4 && deep >= begin; at += Stride / 2)
            {
                Multiply(left, right, at, ref upperLeft, ref upperRight, ref lowerLeft, ref lowerRight);
                Multiply(left, right, at + Stride / 4, ref upperLeft, ref upperRight, ref lowerLeft, ref lowerRight);
            }
            current = Size - current;
            a.Store(a0, tilesA.SubView(current), slot, Wide, Terms);
            a.Store(a1, tilesA.SubView(current), slot + Threads, Wide, Terms);
            b.Store(b0, tilesB.SubView(current), slot, Wide, Terms);
            b.Store(b1, tilesB.SubView(current), slot + Threads, Wide, Terms);
            Group.Barrier();
        }
        row += slot / 16 * 4;
        column += slot % 16 * 4;
        target.Put(upperLeft, row, column);
        target.Put(upperRight, row, column + Wide / 2);
        target.Put(lowerLeft, row + Wide / 2, column);
        target.Put(lowerRight, row + Wide / 2, column + Wide / 2);
    }

    private static void Multiply(
        ArrayView<Quad> left, ArrayView<Quad> right, int at, ref QuadBlock upperLeft, ref QuadBlock upperRight, ref QuadBlock lowerLeft, ref QuadBlock lowerRight)
    {
        Quad upper = left[at], lower = left[at + Wide / 8], x = right[at], y = right[at + Wide / 8];
        upperLeft = upperLeft.With(upper, x);
        upperRight = upperRight.With(upper, y);
        lowerLeft = lowerLeft.With(lower, x);
        lowerRight = lowerRight.With(lower, y);
    }
}
