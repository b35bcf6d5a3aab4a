using ILGPU;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>
/// F32 by three products of TF32. A factor is nearly a sum of two numbers of 11 bits, x = h + l: h is rounded and l cut, so at most 2^-21 of x is lost, this way and
/// that. a b = h h + (h l + l h), of which l l, at most 2^-22 of a b, is left out (as CUTLASS's <c>OpMultiplyAddFastF32</c>, by which PyTorch's attention computes in F32).
/// </summary>
internal readonly struct SplitFormat : ITensorFormat
{
    // The bits of an F32 that TF32 has, and half of the last one.
    private const uint Kept = 0xffffe000, HalfUnit = 0x1000;

    public static int Terms => TF32Format.Terms;

    public static bool AddsApart => true;

    public static void Store(Quad values, uint at) => TensorCore.Store(at, Bits(values.X), Bits(values.Y), Bits(values.Z), Bits(values.W));

    public static uint LineLane(int lane, uint line) => TF32Format.LineLane(lane, line);

    public static Fragment LoadLines(uint at, uint line) => TF32Format.LoadLines(at, line);

    public static Fragment Rounded(Quad first, Quad second) => new(Bits(first.X), Bits(first.Z), Bits(first.Y), Bits(first.W));

    public static QuadBlock Multiply(QuadBlock sums, Fragment a, Fragment first, Fragment second)
    {
        Fragment high = High(a), highFirst = High(first), highSecond = High(second);
        sums = TensorCore.MultiplyTF32(sums, Low(a, high), highFirst, highSecond);
        sums = TensorCore.MultiplyTF32(sums, high, Low(first, highFirst), Low(second, highSecond));
        return TensorCore.MultiplyTF32(sums, high, highFirst, highSecond);
    }

    private static Fragment High(Fragment x) => new(High(x.X), High(x.Y), High(x.Z), High(x.W));

    private static Fragment Low(Fragment x, Fragment high) => new(Low(x.X, high.X), Low(x.Y, high.Y), Low(x.Z, high.Z), Low(x.W, high.W));

    // What no number is may become 0 here, but then stays what it is in the lower part. Four instructions for both; converting twice takes nine.
    private static uint High(uint bits) => (bits + HalfUnit) & Kept;

    private static uint Low(uint bits, uint high) => Interop.FloatAsInt(Interop.IntAsFloat(bits) - Interop.IntAsFloat(high)) & Kept;

    private static uint Bits(float value) => Interop.FloatAsInt(value);
}
