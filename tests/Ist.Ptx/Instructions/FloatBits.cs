namespace Ist.Ptx.Instructions;

/// <summary>Values of a type by its name, as doubles, and back with a rounding.</summary>
internal static unsafe class FloatBits
{
    public static bool IsFloat(string type) => type is "f16" or "bf16" or "tf32" or "f32" or "f64";

    public static double Read(byte* from, string type) => type switch
    {
        "f64" => *(double*)from,
        "f32" or "tf32" => *(float*)from,
        "f16" => (double)*(Half*)from,
        "bf16" => BitConverter.UInt32BitsToSingle((uint)*(ushort*)from << 16),
        "s8" => *(sbyte*)from,
        "s16" => *(short*)from,
        "s32" => *(int*)from,
        "s64" => *(long*)from,
        "u8" => *from,
        "u16" => *(ushort*)from,
        "u32" => *(uint*)from,
        _ => *(ulong*)from,
    };

    /// <summary>The bits of the value in a type; whole numbers saturate, and NaN is 0.</summary>
    public static ulong Bits(double value, string type, FloatRounding rounding) => type switch
    {
        "f64" => BitConverter.DoubleToUInt64Bits(value),
        "f32" => Float(value, rounding, 23, 8),
        "tf32" => Float(value, rounding, 10, 8) << 13,
        "bf16" => Float(value, rounding, 7, 8),
        "f16" => Float(value, rounding, 10, 5),
        "s8" => (byte)sbyte.CreateSaturating(Whole(value, rounding)),
        "s16" => (ushort)short.CreateSaturating(Whole(value, rounding)),
        "s32" => (uint)int.CreateSaturating(Whole(value, rounding)),
        "s64" => (ulong)long.CreateSaturating(Whole(value, rounding)),
        "u8" => byte.CreateSaturating(Whole(value, rounding)),
        "u16" => ushort.CreateSaturating(Whole(value, rounding)),
        "u32" => uint.CreateSaturating(Whole(value, rounding)),
        _ => ulong.CreateSaturating(Whole(value, rounding)),
    };

    /// <summary>A whole number near the value.</summary>
    public static double Whole(double value, FloatRounding rounding) => rounding switch
    {
        FloatRounding.ToZero => Math.Truncate(value),
        FloatRounding.Down => Math.Floor(value),
        FloatRounding.Up => Math.Ceiling(value),
        FloatRounding.NearestAway => Math.Round(value, MidpointRounding.AwayFromZero),
        _ => Math.Round(value, MidpointRounding.ToEven),
    };

    /// <summary>Sign, exponent and fraction of the value in a format with so many bits of fraction and exponent.</summary>
    private static ulong Float(double value, FloatRounding rounding, int fraction, int exponent)
    {
        ulong sign = double.IsNegative(value) ? 1UL << (fraction + exponent) : 0;
        ulong infinity = ((1UL << exponent) - 1) << fraction;
        if (double.IsNaN(value))
            return infinity | ((1UL << fraction) - 1);
        if (double.IsInfinity(value))
            return sign | infinity;
        double magnitude = Math.Abs(value);
        if (magnitude == 0)
            return sign;
        int lowest = 2 - (1 << (exponent - 1));
        int scale = Math.Max(Math.ILogB(magnitude), lowest);
        double digits = Math.ScaleB(magnitude, fraction - scale);
        bool negative = sign != 0;
        // Down and up are directions of the value, not of its magnitude.
        ulong rounded = (ulong)Whole(digits, rounding switch
        {
            FloatRounding.Down => negative ? FloatRounding.Up : FloatRounding.ToZero,
            FloatRounding.Up => negative ? FloatRounding.ToZero : FloatRounding.Up,
            _ => rounding,
        });
        // With the hidden bit in place the exponent counts itself up where rounding carries; without it the number is subnormal.
        ulong bits = ((ulong)(scale - lowest) << fraction) + rounded;
        ulong largest = infinity - 1;
        if (bits > largest)
            bits = rounding is FloatRounding.ToZero || (rounding == FloatRounding.Down && !negative) || (rounding == FloatRounding.Up && negative) ? largest : infinity;
        return sign | bits;
    }
}
