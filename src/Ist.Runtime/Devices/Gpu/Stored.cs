using ILGPU;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>Floats in the precision of a checkpoint, which kernels widen as they read.</summary>
/// <param name="singles">The values where they are F32.</param>
/// <param name="halves">The same memory, where they have 16 bits.</param>
/// <param name="format">One of the constants.</param>
internal readonly struct Stored(ArrayView<float> singles, ArrayView<ushort> halves, int format)
{
    /// <summary>F32.</summary>
    public const int Single = 0;

    /// <summary>BF16.</summary>
    public const int BFloat16 = 1;

    /// <summary>F16.</summary>
    public const int Half = 2;

    /// <summary>One value.</summary>
    public float this[long at] => format == Single ? singles[at] : format == BFloat16 ? GpuMath.WidenBFloat16(halves[at]) : WidenHalf(halves[at]);

    /// <summary>Four values, 0 beyond the end, as <see cref="Quads.Load"/>.</summary>
    public Quad Load(long at, int left, bool aligned)
    {
        if (format == Single)
            return Quads.Load(singles, at, left, aligned);
        if (!aligned)
            return new Quad(this[at], left > 1 ? this[at + 1] : 0, left > 2 ? this[at + 2] : 0, left > 3 ? this[at + 3] : 0);
        ulong bits = halves.Cast<ulong>()[at >> 2];
        return Widen((uint)bits, (uint)(bits >> 32));
    }

    /// <summary>Eight values, which begin at a multiple of 16 bytes.</summary>
    public Octet LoadEight(long at)
    {
        if (format == Single)
            return new Octet(singles.Cast<Quad>()[at >> 2], singles.Cast<Quad>()[(at >> 2) + 1]);
        Quad bits = halves.Cast<Quad>()[at >> 3];
        return new Octet(
            Widen(Interop.FloatAsInt(bits.X), Interop.FloatAsInt(bits.Y)), Widen(Interop.FloatAsInt(bits.Z), Interop.FloatAsInt(bits.W)));
    }

    private Quad Widen(uint lower, uint upper) => format == BFloat16
        ? GpuMath.WidenBFloat16(lower, upper)
        : new Quad(WidenHalf(lower), WidenHalf(lower >> 16), WidenHalf(upper), WidenHalf(upper >> 16));

    private static float WidenHalf(uint bits) => Interop.IntAsFloat((ushort)bits);
}
