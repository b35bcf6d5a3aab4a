using ILGPU;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Reads and writes four values at a time in kernels. Where rows are aligned, which is the same for a whole launch, that is one access
/// of 16 bytes, or of 8 where they are BF16; elsewhere, and at the end of a row, it is up to four.
/// </summary>
internal static class Quads
{
    /// <summary>Threads of a group of <see cref="Groups"/>.</summary>
    public const int ElementThreads = 256;

    /// <summary>Groups for elements that stand in no rows, four for each thread.</summary>
    public static int Groups(long count) => checked((int)((count + 4 * ElementThreads - 1) / (4 * ElementThreads)));

    /// <summary>The thread's first element of those.</summary>
    public static long Element => 4 * ((long)Grid.IdxX * Group.DimX + Group.IdxX);

    /// <summary>Whether all addresses are multiples of 16 bytes, given what their bits have together; those of BF16 count twice (<see cref="BFloat16Address"/>).</summary>
    public static int Align(long addresses) => (addresses & 15) == 0 ? 1 : 0;

    /// <summary>Whether all rows of this width begin at multiples of 16 bytes, given what the bits of the first ones' addresses have together.</summary>
    public static int AlignRows(long addresses, int width) => Align(addresses | (long)width * sizeof(float));

    /// <summary>Whether rows of this width begin at multiples of 16 bytes.</summary>
    public static bool Align(int width) => (width & 3) == 0;

    /// <summary>Threads of a group that goes over a row: a multiple of 32, at most 256.</summary>
    public static int Threads(int width) => Math.Clamp((width + 127) / 128 * 32, 32, 256);

    /// <summary>x[at], x[at + 1], …, 0 beyond the end.</summary>
    /// <param name="x">The values.</param>
    /// <param name="at">The first.</param>
    /// <param name="left">Values to the end of the row, at least 1.</param>
    /// <param name="aligned">Whether rows are aligned.</param>
    public static Quad Load(Values x, long at, int left, bool aligned)
    {
        if (aligned)
            return x.Four(at >> 2);
        Quad value = default;
        value.X = x[at];
        if (left > 1)
            value.Y = x[at + 1];
        if (left > 2)
            value.Z = x[at + 2];
        if (left > 3)
            value.W = x[at + 3];
        return value;
    }

    /// <summary>y[at], y[at + 1], … = value, as far as the row goes.</summary>
    /// <param name="value">The values.</param>
    /// <param name="y">Receives them.</param>
    /// <param name="at">The place of the first.</param>
    /// <param name="left">Values to the end of the row, at least 1.</param>
    /// <param name="aligned">Whether rows are aligned.</param>
    public static void Store(Quad value, Values y, long at, int left, bool aligned)
    {
        if (aligned)
        {
            y.SetFour(at >> 2, value);
            return;
        }
        y.Set(at, value.X);
        if (left > 1)
            y.Set(at + 1, value.Y);
        if (left > 2)
            y.Set(at + 2, value.Z);
        if (left > 3)
            y.Set(at + 3, value.W);
    }

    /// <summary>y[at …] = value, or += value.</summary>
    public static void Put(Quad value, bool adds, Values y, long at, int left, bool aligned) =>
        Store(adds ? Load(y, at, left, aligned) + value : value, y, at, left, aligned);
}
