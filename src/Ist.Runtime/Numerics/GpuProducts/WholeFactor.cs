using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// A factor of a product in F32 whose lines of memory begin at multiples of 16 bytes and have a multiple of four elements. Lines are rows or columns of C
/// whose terms lie side by side, or terms. Beyond its edges it is what stands at the edge: nothing asks there whether it may read, since a branch
/// would wait for what it reads. What that is multiplied by is 0, or its sums are nobody's.
/// </summary>
/// <param name="quads">Its elements, four in each.</param>
/// <param name="stride">Quads from one line to the next.</param>
/// <param name="lines">Lines.</param>
/// <param name="length">Elements of a line.</param>
internal readonly struct WholeFactor(ArrayView<Quad> quads, long stride, int lines, int length)
{
    /// <summary>Four elements of a line.</summary>
    public Quad Four(int line, int at) => quads[IntrinsicMath.Min(line, lines - 1) * stride + (IntrinsicMath.Min(at, length - 4) >> 2)];

    /// <summary>Four elements of each of four lines, which lie so many lines apart.</summary>
    public QuadBlock Four(int line, int apart, int at) =>
        new() { A = Four(line, at), B = Four(line + apart, at), C = Four(line + 2 * apart, at), D = Four(line + 3 * apart, at) };
}
