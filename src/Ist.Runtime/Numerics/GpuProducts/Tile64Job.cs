using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A product in F32 where C is small or thin: a group of <see cref="ProductPlan.Threads"/> computes 64 x 64 elements, a thread 4 x 4. Tiles
/// of both factors stand in shared memory twice: while one is multiplied, the next is read into registers. Every element is summed in the
/// order of k.
/// </summary>
/// <param name="target">Receives the sums.</param>
/// <param name="a">The left factor.</param>
/// <param name="b">The right one.</param>
/// <param name="k">Terms of a sum.</param>
/// <param name="length">Those of a part, a multiple of <see cref="Terms"/>.</param>
internal readonly struct Tile64Job(ProductTarget target, ProductOperand a, ProductOperand b, int k, int length) : IGpuJob
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Wide = 64;

    /// <summary>Terms of a tile.</summary>
    public const int Terms = 16;

    private const int Stride = Wide + 4, Size = Terms * Stride;

    public void Execute()
    {
        ArrayView<float> tilesA = SharedMemory.Allocate<float>(2 * Size), tilesB = SharedMemory.Allocate<float>(2 * Size);
        int row = Grid.IdxY * Wide, column = Grid.IdxX * Wide, slot = Group.IdxX, current = 0;
        int begin = Grid.IdxZ * length, end = IntrinsicMath.Min(k, begin + length);
        ArrayView<Quad> left = tilesA.Cast<Quad>().SubView(slot / 16), right = tilesB.Cast<Quad>().SubView(slot % 16);
        QuadBlock sums = default;
        for (int deep = begin - Terms; deep < end; deep += Terms)
        {
            // Beyond the end there is nothing to read, and the last tile is of zeros.
            Quad nextA = a.Fetch(slot, row, deep + Terms, end, Wide, Terms), nextB = b.Fetch(slot, column, deep + Terms, end, Wide, Terms);
            for (int at = current / 4; at < (current + Size) / 4 && deep >= begin; at += Stride)
            {
                sums = sums.With(left[at], right[at]);
                sums = sums.With(left[at + Stride / 4], right[at + Stride / 4]);
                sums = sums.With(left[at + Stride / 2], right[at + Stride / 2]);
                sums = sums.With(left[at + Stride / 4 * 3], right[at + Stride / 4 * 3]);
            }
            current = Size - current;
            a.Store(nextA, tilesA.SubView(current), slot, Wide, Terms);
            b.Store(nextB, tilesB.SubView(current), slot, Wide, Terms);
            Group.Barrier();
        }
        target.Put(sums, row + slot / 16 * 4, column + slot % 16 * 4, 1);
    }
}
