using System.Runtime.InteropServices;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>Four values in BF16: 8 bytes.</summary>
/// <param name="lower">The first two.</param>
/// <param name="upper">The others.</param>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct BFloat16Quad(uint lower, uint upper) : IStoredQuad<BFloat16Quad>
{
    private readonly uint _lower = lower;
    private readonly uint _upper = upper;

    public static int Size => 8;

    public Quad Widened => GpuMath.WidenBFloat16(_lower, _upper);

    /// <summary>Rounded to the nearest, ties to even, by an instruction of cards of 8.0 and newer.</summary>
    public static BFloat16Quad Of(Quad values) => new(TensorCore.BFloat16(values.X, values.Y), TensorCore.BFloat16(values.Z, values.W));

    public static void Copy(uint to, long from, int bytes) => TensorCore.CopyHalf(to, from, bytes);

    public static Quad Load(uint at)
    {
        TensorCore.Load(at, out uint lower, out uint upper);
        return GpuMath.WidenBFloat16(lower, upper);
    }
}
