using ILGPU;
using ILGPU.Runtime.Cuda;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Functions of kernels: those of <see cref="Numerics.Exponential"/>, <see cref="Numerics.HyperbolicTangent"/> and
/// <see cref="Numerics.NormalDistribution"/>, term by term, one number at a time. The GPU's own approximations are some hundred times less exact.
/// </summary>
internal static class GpuMath
{
    private const float Lowest = -87.336544f, Highest = 88.37626f, Rounding = 12582912f;

    /// <summary>e^x; 0 below -87.3, infinite above 88.3, NaN for NaN.</summary>
    public static float Exp(float x)
    {
        if (x < Lowest)
            return 0;
        if (x > Highest)
            return float.PositiveInfinity;
        float shifted = x * 1.44269504f + Rounding, n = shifted - Rounding;
        float r = n * 2.12194440e-4f + (n * -0.693359375f + x);
        float p = 1.9875691500e-4f;
        p = p * r + 1.3981999507e-3f;
        p = p * r + 8.3334519073e-3f;
        p = p * r + 4.1665795894e-2f;
        p = p * r + 1.6666665459e-1f;
        p = p * r + 5.0000001201e-1f;
        p = p * (r * r) + r + 1;
        return p * Interop.IntAsFloat((Interop.FloatAsInt(shifted) << 23) + (127u << 23));
    }

    /// <summary>2^x by the card's approximation, whose error of 2^-22 is lost where the power is rounded to 11 bits and less.</summary>
    public static float RoughExp2(float x)
    {
        CudaAsm.Emit("ex2.approx.ftz.f32 %0, %1;", out float power, x);
        return power;
    }

    /// <summary>To 10 bits of fraction, the nearest, ties away from 0, as tensor cores are given TF32 (<c>cvt.rna.tf32.f32</c>), also by cards without them.</summary>
    public static float RoundTF32(float x)
    {
        uint bits = Interop.FloatAsInt(x);
        return IsNaN(bits) ? x : Interop.IntAsFloat((bits + 0x1000) & 0xffffe000);
    }

    /// <summary>To 7 bits of fraction, the nearest, ties to even, as tensor cores are given BF16.</summary>
    public static float RoundBFloat16(float x) => Interop.IntAsFloat(BFloat16Bits(x) << 16);

    /// <summary>The 16 bits of the nearest BF16, ties to even; a NaN is quiet.</summary>
    public static uint BFloat16Bits(float x)
    {
        uint bits = Interop.FloatAsInt(x);
        return (IsNaN(bits) ? bits | 0x400000 : bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    }

    /// <summary>A BF16 in the lower half of the bits; exact.</summary>
    public static float WidenBFloat16(uint bits) => Interop.IntAsFloat(bits << 16);

    /// <summary>Four BF16, two in each.</summary>
    public static Quad WidenBFloat16(uint lower, uint upper) => new(
        WidenBFloat16(lower), Interop.IntAsFloat(lower & 0xffff0000), WidenBFloat16(upper), Interop.IntAsFloat(upper & 0xffff0000));

    /// <summary>1 / (1 + e^-x), and 1 less that without cancellation.</summary>
    public static float Sigmoid(float x, out float complement)
    {
        float e = Exp(-IntrinsicMath.Abs(x)), larger = 1 / (1 + e), smaller = e * larger;
        complement = x < 0 ? larger : smaller;
        return x < 0 ? smaller : larger;
    }

    /// <summary>tanh x; NaN for NaN.</summary>
    public static float Tanh(float x)
    {
        float size = IntrinsicMath.Abs(x), square = x * x;
        if (size < 0.625f)
        {
            float p = -5.70498872745e-3f;
            p = p * square + 2.06390887954e-2f;
            p = p * square + -5.37397155531e-2f;
            p = p * square + 1.33314422036e-1f;
            p = p * square + -3.33332819422e-1f;
            return p * square * x + x;
        }
        float outside = 1 - 2 / (Exp(size + size) + 1);
        return x < 0 ? -outside : outside;
    }

    /// <summary>Phi(x) = (1 + erf(x / sqrt(2))) / 2, and the density phi(x) = e^(-x^2 / 2) / sqrt(2 pi).</summary>
    public static float Normal(float x, out float density)
    {
        float u = IntrinsicMath.Abs(x);
        u = u > 20 ? 20 : u;
        // The upper half of u has an exact square, so what u^2 loses in rounding is known, which would be multiplied by as much in the exponential.
        float upper = Interop.IntAsFloat(Interop.FloatAsInt(u) & 0xfffff000u), whole = upper * upper, part = (u - upper) * (u + upper);
        float square = whole + part, rest = part - (square - whole);
        float bell = Exp(-0.5f * square) * (1 - 0.5f * rest), t = 1 / (u * 0.25f + 1);
        float q = 0.0153836031f;
        q = q * t - 0.0563454628f;
        q = q * t + 0.0366152562f;
        q = q * t + 0.0483180843f;
        q = q * t - 0.00367795932f;
        q = q * t + 0.0953755677f;
        q = q * t + 0.0690116361f;
        q = q * t + 0.0961508676f;
        q = q * t + 0.0994166210f;
        q = q * t + 0.0997517928f;
        float tail = bell * (t * q);
        density = bell * 0.398942280f;
        return x < 0 ? tail : 1 - tail;
    }

    /// <summary>The natural logarithm of a positive, normal number, of infinity or NaN: x = 2^n m with m in [1/√2, √2), and ln m by the series of artanh.</summary>
    public static double Log(double x)
    {
        if (!(x <= double.MaxValue))
            return x;
        ulong bits = Interop.FloatAsInt(x);
        int n = (int)(bits >> 52) - 1023;
        double m = Interop.IntAsFloat((bits & 0xfffffffffffffUL) | 0x3ff0000000000000UL);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            n++;
        }
        double s = (m - 1) / (m + 1), square = s * s;
        double p = 1 / 21.0;
        p = p * square + 1 / 19.0;
        p = p * square + 1 / 17.0;
        p = p * square + 1 / 15.0;
        p = p * square + 1 / 13.0;
        p = p * square + 1 / 11.0;
        p = p * square + 1 / 9.0;
        p = p * square + 1 / 7.0;
        p = p * square + 1 / 5.0;
        p = p * square + 1 / 3.0;
        p = p * square + 1;
        return n * 0.6931471805599453 + 2 * s * p;
    }

    // Of a NaN, which may have all its bits set, a sum could be a number.
    private static bool IsNaN(uint bits) => (bits & 0x7fffffff) > 0x7f800000;
}
