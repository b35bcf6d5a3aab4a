using System.Numerics;
using System.Text.RegularExpressions;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Makes shifts and masks of whole numbers' divisions by a power of two that is written in them. ILGPU 1.5.3 leaves them as they are, and so does NVIDIA's
/// assembler, which takes some twenty instructions for each, conversions to floats among them.
/// </summary>
internal static partial class PowersOfTwo
{
    // Kernels of ILGPU have no registers of these names.
    private const string Declarations = "\t.reg .b32 %quotient32;\n\t.reg .b64 %quotient64;\n";

    /// <summary>The same PTX without such divisions.</summary>
    public static string ToShifts(string ptx)
    {
        bool signed = false;
        string text = Division().Replace(ptx, division =>
        {
            ulong divisor = ulong.Parse(division.Groups["divisor"].ValueSpan);
            if (!BitOperations.IsPow2(divisor))
                return division.Value;
            (string to, string from, string bits) = (division.Groups["to"].Value, division.Groups["from"].Value, division.Groups["bits"].Value);
            (int shift, ulong mask, bool isQuotient) = (BitOperations.Log2(divisor), divisor - 1, division.Groups["name"].Value == "div");
            if (division.Groups["sign"].Value == "u")
                return isQuotient ? $"\tshr.u{bits}\t{to}, {from}, {shift};" : $"\tand.b{bits}\t{to}, {from}, {mask};";
            // Towards 0: a negative number has the divisor less one added first.
            signed = true;
            string sum = $"%quotient{bits}", last = bits == "32" ? "31" : "63";
            string added = $"\tshr.s{bits}\t{sum}, {from}, {last};\n\tand.b{bits}\t{sum}, {sum}, {mask};\n\tadd.s{bits}\t{sum}, {sum}, {from};\n";
            return isQuotient
                ? added + $"\tshr.s{bits}\t{to}, {sum}, {shift};"
                : added + $"\tand.b{bits}\t{sum}, {sum}, {-(long)divisor};\n\tsub.s{bits}\t{to}, {from}, {sum};";
        });
        return signed ? Body().Replace(text, body => body.Value + Declarations) : text;
    }

    [GeneratedRegex(@"^\t(?<name>div|rem)\.(?<sign>[su])(?<bits>32|64)\s+(?<to>%\w+), (?<from>%\w+), (?<divisor>\d+);", RegexOptions.Multiline)]
    private static partial Regex Division();

    [GeneratedRegex(@"^\{\n", RegexOptions.Multiline)]
    private static partial Regex Body();
}
