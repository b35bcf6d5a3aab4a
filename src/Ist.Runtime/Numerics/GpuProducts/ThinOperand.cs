using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>A factor of a product with few rows, by the rows or columns that it gives the result ("across") and by what is summed over ("deep").</summary>
/// <param name="values">Its values.</param>
/// <param name="acrossStride">Elements from one row or column of the result to the next; beyond the last one the last is read.</param>
/// <param name="deepStride">Elements from one term of the sum to the next; this or the other is 1.</param>
/// <param name="count">Rows or columns.</param>
/// <param name="precision">What values are rounded to, a <see cref="Devices.Precision"/>.</param>
internal readonly struct ThinOperand(Stored values, long acrossStride, long deepStride, int count, int precision)
{
    /// <summary>One value.</summary>
    public float One(int across, int deep) => Round(values[Place(across, deep)]);

    /// <summary>Four that lie side by side, at a multiple of what they take.</summary>
    public Quad Four(int across, int deep) => Round(values.Load(Place(across, deep), 4, true));

    /// <summary>Eight that lie side by side, at a multiple of 16 bytes.</summary>
    public Octet Eight(int across, int deep)
    {
        Octet eight = values.LoadEight(Place(across, deep));
        return new Octet(Round(eight.First), Round(eight.Second));
    }

    private long Place(int across, int deep) => IntrinsicMath.Min(across, count - 1) * acrossStride + deep * deepStride;

    private Quad Round(Quad x) => precision == (int)Devices.Precision.F32 ? x : new Quad(Round(x.X), Round(x.Y), Round(x.Z), Round(x.W));

    private float Round(float x) => precision switch
    {
        (int)Devices.Precision.BF16 => GpuMath.RoundBFloat16(x),
        (int)Devices.Precision.TF32 => GpuMath.RoundTF32(x),
        _ => x,
    };
}
