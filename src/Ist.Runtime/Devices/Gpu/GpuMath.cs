using ILGPU;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Functions of kernels: those of <see cref="Numerics.Exponential"/> and <see cref="Numerics.HyperbolicTangent"/>, term by term, one
/// number at a time. The GPU's own approximations are some hundred times less exact.
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

    /// <summary>1 / (1 + e^-x).</summary>
    public static float Sigmoid(float x)
    {
        float e = Exp(-IntrinsicMath.Abs(x)), larger = 1 / (1 + e);
        return x < 0 ? e * larger : larger;
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
}
