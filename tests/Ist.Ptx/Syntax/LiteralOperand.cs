using System.Globalization;

namespace Ist.Ptx.Syntax;

/// <summary>A number as it was written: 12, -3, 0x1F, 0f3F800000 (the bits of a float), 0d… (the bits of a double) or 1.5.</summary>
internal sealed record LiteralOperand(string Text, int Line) : Operand
{
    /// <summary>The bits of the number in a type.</summary>
    /// <exception cref="PtxException">The number is not of such a type.</exception>
    public ulong Bits(PtxType type)
    {
        bool negative = Text.StartsWith('-');
        string digits = negative ? Text[1..] : Text;
        if (digits.StartsWith("0f", StringComparison.OrdinalIgnoreCase) && digits.Length == 10)
            return Real(BitConverter.UInt32BitsToSingle(uint.Parse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)), type, negative);
        if (digits.StartsWith("0d", StringComparison.OrdinalIgnoreCase) && digits.Length == 18)
            return Real(BitConverter.UInt64BitsToDouble(ulong.Parse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)), type, negative);
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            if (ulong.TryParse(digits.AsSpan(2).TrimEnd('U'), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong hex))
                return Whole(negative ? 0 - hex : hex, type);
        }
        else if (ulong.TryParse(digits.AsSpan().TrimEnd('U'), NumberStyles.None, CultureInfo.InvariantCulture, out ulong whole))
        {
            return Whole(negative ? 0 - whole : whole, type);
        }
        else if (double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double real))
        {
            return Real(real, type, negative);
        }
        throw new PtxException(Line, $"'{Text}' is no number of PTX");
    }

    private ulong Whole(ulong bits, PtxType type) => type.IsFloat
        ? throw new PtxException(Line, $"'{Text}' is a whole number where {type} was expected")
        : type.Bytes == 8 ? bits : bits & ((1UL << (8 * type.Bytes)) - 1);

    private ulong Real(double value, PtxType type, bool negative)
    {
        double signed = negative ? -value : value;
        return type.Name switch
        {
            "f64" or "b64" => BitConverter.DoubleToUInt64Bits(signed),
            "f32" or "b32" => BitConverter.SingleToUInt32Bits((float)signed),
            _ => throw new PtxException(Line, $"'{Text}' is a real number where {type} was expected"),
        };
    }
}
