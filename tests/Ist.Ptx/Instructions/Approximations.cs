namespace Ist.Ptx.Instructions;

/// <summary>
/// The functions that a device computes approximately. A device's own bits are not public; here the exact result is rounded so coarsely that its
/// error comes to between half and all of what PTX allows, so that a kernel which needs more than the device gives fails here too.
/// </summary>
internal static class Approximation
{
    /// <summary>Keeps <paramref name="bits"/> significant bits, of the 24 that a float has: a relative error of up to 2^-bits.</summary>
    public static float Significant(double value, int bits)
    {
        if (!double.IsFinite(value) || value == 0)
            return (float)value;
        int scale = bits - 1 - Math.ILogB(value);
        return (float)Math.ScaleB(Math.Round(Math.ScaleB(value, scale)), -scale);
    }

    /// <summary>The nearest multiple of 2^-bits: an absolute error of up to 2^-(bits + 1).</summary>
    public static float Fixed(double value, int bits) => double.IsFinite(value) ? (float)Math.ScaleB(Math.Round(Math.ScaleB(value, bits)), -bits) : (float)value;

    /// <summary>The upper 32 bits of a double.</summary>
    public static double Upper(double value) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) & 0xFFFFFFFF00000000);

    /// <summary>An angle as the device reduces it: multiplied by 1 / (2 pi) in float, so that large angles lose their bits.</summary>
    public static double Angle(float a)
    {
        float turns = a * 0.15915494f;
        return float.IsFinite(turns) ? Math.Tau * (turns - Math.Round(turns)) : double.NaN;
    }
}

/// <summary>2^a; PTX: relative error 2^-22.</summary>
internal readonly struct Exp2Approx : IUnary<float>
{
    public static float Of(float a) => Approximation.Significant(Math.Pow(2, a), 23);
}

/// <summary>log2 a; PTX: absolute error 2^-22 between 0.5 and 2, elsewhere relative error 2^-22.</summary>
internal readonly struct Log2Approx : IUnary<float>
{
    public static float Of(float a) => a is > 0.5f and < 2 ? Approximation.Fixed(Math.Log2(a), 22) : Approximation.Significant(Math.Log2(a), 23);
}

/// <summary>1 / a; PTX: 1 unit in the last place.</summary>
internal readonly struct ReciprocalApprox : IUnary<float>
{
    public static float Of(float a) => Approximation.Significant(1 / (double)a, 23);
}

/// <summary>1 / sqrt(a); PTX: relative error 2^-22.9.</summary>
internal readonly struct ReciprocalRootApprox : IUnary<float>
{
    public static float Of(float a) => Approximation.Significant(1 / Math.Sqrt(a), 23);
}

/// <summary>1 / a of a double; PTX gives its upper 32 bits.</summary>
internal readonly struct ReciprocalApprox64 : IUnary<double>
{
    public static double Of(double a) => Approximation.Upper(1 / a);
}

/// <summary>1 / sqrt(a) of a double; PTX with .ftz gives its upper 32 bits, and says no more of it without.</summary>
internal readonly struct ReciprocalRootApprox64 : IUnary<double>
{
    public static double Of(double a) => Approximation.Upper(1 / Math.Sqrt(a));
}

/// <summary>sqrt(a); PTX: relative error 2^-23.</summary>
internal readonly struct SquareRootApprox : IUnary<float>
{
    public static float Of(float a) => Approximation.Significant(Math.Sqrt(a), 23);
}

/// <summary>sin a; PTX: absolute error 2^-20.5 between -pi and pi.</summary>
internal readonly struct SinApprox : IUnary<float>
{
    public static float Of(float a) => Approximation.Fixed(Math.Sin(Approximation.Angle(a)), 21);
}

/// <summary>cos a; PTX: absolute error 2^-20.5 between -pi and pi.</summary>
internal readonly struct CosApprox : IUnary<float>
{
    public static float Of(float a) => Approximation.Fixed(Math.Cos(Approximation.Angle(a)), 21);
}

/// <summary>tanh a; PTX: relative error 2^-11.</summary>
internal readonly struct TanhApprox : IUnary<float>
{
    public static float Of(float a) => Approximation.Significant(Math.Tanh(a), 11);
}

/// <summary>2^a of a half, rounded to nearest; PTX: relative error 2^-9.9.</summary>
internal readonly struct Exp2Approx16 : IUnary<Half>
{
    public static Half Of(Half a) => (Half)Math.Pow(2, (double)a);
}

/// <summary>tanh a of a half, rounded to nearest; PTX: absolute error 2^-10.987.</summary>
internal readonly struct TanhApprox16 : IUnary<Half>
{
    public static Half Of(Half a) => (Half)Math.Tanh((double)a);
}

/// <summary>a / b; PTX: 2 units in the last place, and 0 where |b| is over 2^126 (NaN for an infinite a).</summary>
internal readonly struct DivideApprox : IBinary<float>
{
    public static float Of(float a, float b) => float.IsFinite(b) && Math.Abs(b) > 8.507059e37f
        ? float.IsInfinity(a) ? float.NaN : 0 * a
        : Approximation.Significant((double)a / b, 23);
}

/// <summary>a / b; PTX: 2 units in the last place over the full range.</summary>
internal readonly struct DivideFull : IBinary<float>
{
    public static float Of(float a, float b) => Approximation.Significant((double)a / b, 23);
}
