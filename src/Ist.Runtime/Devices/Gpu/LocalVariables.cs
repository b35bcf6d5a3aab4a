using System.Text;
using System.Text.RegularExpressions;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Makes registers of the variables that inline PTX writes. ILGPU 1.5.3 gives it their addresses and keeps them in local memory, which on a
/// card is as slow as global memory.
/// </summary>
internal static partial class LocalVariables
{
    /// <summary>The same PTX, in which local variables of one number are registers of the same name.</summary>
    /// <exception cref="NotSupportedException">The address of such a variable is used for something else than to read and write it.</exception>
    public static string ToRegisters(string ptx)
    {
        if (!ptx.Contains(".local", StringComparison.Ordinal))
            return ptx;
        var names = new HashSet<string>();
        var addresses = new Dictionary<string, string>();
        var text = new StringBuilder(ptx.Length);
        foreach (string line in ptx.Split('\n'))
        {
            if (Declaration().Match(line) is { Success: true } declaration)
            {
                names.Add(declaration.Groups["name"].Value);
                text.Append($"\t.reg .b{8 * int.Parse(declaration.Groups["bytes"].ValueSpan)} {declaration.Groups["name"].Value};\n");
            }
            else if (Address().Match(line) is { Success: true } address && names.Contains(address.Groups["name"].Value))
            {
                addresses[address.Groups["register"].Value] = address.Groups["name"].Value;
            }
            else
            {
                text.Append(Access().Replace(line, access => addresses.TryGetValue(access.Groups["register"].Value, out string? name)
                    ? access.Groups["load"].Success ? $"mov.{access.Groups["type"].Value} {access.Groups["load"].Value}, {name}" : $"mov.{access.Groups["type"].Value} {name}, {access.Groups["store"].Value}"
                    : access.Value)).Append('\n');
            }
        }
        text.Length--;
        string result = text.ToString();
        foreach (Match register in Register().Matches(result))
        {
            if (addresses.ContainsKey(register.Value))
                throw new NotSupportedException($"The address of the local variable {addresses[register.Value]} is kept; a kernel may only pass variables to inline PTX.");
        }
        return result;
    }

    [GeneratedRegex(@"^\s*\.local \.align [48] \.b8 (?<name>\w+)\[(?<bytes>[48])\];")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\s*mov\.b64\s+(?<register>%rd\d+), (?<name>\w+);")]
    private static partial Regex Address();

    [GeneratedRegex(@"(ld\.local\.(?<type>\w+)\s+(?<load>%\w+), \[(?<register>%rd\d+)\]|st\.local\.(?<type>\w+)\s+\[(?<register>%rd\d+)\], (?<store>[%\w]+))")]
    private static partial Regex Access();

    [GeneratedRegex(@"%rd\d+\b")]
    private static partial Regex Register();
}
