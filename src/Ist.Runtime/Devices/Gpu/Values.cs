using ILGPU;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>Activations or gradients in a kernel, F32 or BF16: widened as they are read, and rounded to the nearest as they are written, ties to even.</summary>
/// <param name="memory">Where they are; of a float both halves.</param>
/// <param name="format">One of the constants, the same for a whole launch.</param>
internal readonly struct Values(ArrayView<ushort> memory, int format)
{
    /// <summary>F32.</summary>
    public const int Single = 0;

    /// <summary>BF16.</summary>
    public const int BFloat16 = 1;

    /// <summary>One value.</summary>
    public float this[long at] => format == Single ? memory.Cast<float>()[at] : GpuMath.WidenBFloat16(memory[at]);

    /// <summary>Floats.</summary>
    public static implicit operator Values(ArrayView<float> floats) => new(floats.Cast<ushort>(), Single);

    /// <summary>Writes one value.</summary>
    public void Set(long at, float value)
    {
        if (format == Single)
            memory.Cast<float>()[at] = value;
        else
            memory[at] = (ushort)GpuMath.BFloat16Bits(value);
    }

    /// <summary>Four values that lie at a multiple of four, by which they are counted.</summary>
    public Quad Four(long at)
    {
        if (format == Single)
            return memory.Cast<Quad>()[at];
        ulong bits = memory.Cast<ulong>()[at];
        return GpuMath.WidenBFloat16((uint)bits, (uint)(bits >> 32));
    }

    /// <summary>Writes four values at a multiple of four, by which they are counted.</summary>
    public void SetFour(long at, Quad value)
    {
        if (format == Single)
        {
            memory.Cast<Quad>()[at] = value;
            return;
        }
        uint lower = GpuMath.BFloat16Bits(value.X) | GpuMath.BFloat16Bits(value.Y) << 16;
        memory.Cast<ulong>()[at] = lower | (ulong)(GpuMath.BFloat16Bits(value.Z) | GpuMath.BFloat16Bits(value.W) << 16) << 32;
    }
}
