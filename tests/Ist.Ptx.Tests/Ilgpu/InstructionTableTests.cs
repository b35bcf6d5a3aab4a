using System.Collections;
using System.Reflection;
using ILGPU;

namespace Ist.Ptx.Tests.Ilgpu;

/// <summary>Every instruction in the tables from which ILGPU generates PTX can be decoded here.</summary>
public sealed class InstructionTableTests
{
    [Theory]
    [InlineData("UnaryArithmeticOperations", 1)]
    [InlineData("UnaryArithmeticOperationsFastMath", 1)]
    [InlineData("BinaryArithmeticOperations", 2)]
    [InlineData("BinaryArithmeticOperationsFastMath", 2)]
    [InlineData("TernaryArithmeticOperations", 3)]
    [InlineData("CompareOperations", 2)]
    [InlineData("CompareUnorderedFloatOperations", 2)]
    [InlineData("ConvertOperations", 1)]
    [InlineData("SelectValueOperations", 2)]
    [InlineData("LEAMulOperations", 2)]
    public void Arithmetic(string table, int sources)
    {
        string[] instructions = Table(table);
        Assert.NotEmpty(instructions);
        Assert.Equal("", Failures(instructions.Select(instruction => $"{instruction} {Operands(instruction, sources)};")));
    }

    [Fact]
    public void Atomics()
    {
        IDictionary operations = Entries("AtomicOperations"), types = Entries("AtomicOperationsTypes");
        var forms = new List<string>();
        foreach (object operation in operations.Keys)
        {
            string kind = operation.ToString()!.Split(',')[0], name = (string)operations[operation]!;
            // PTX has no atom.add.f16 without .noftz, so nobody can run that one.
            foreach (string type in types.Keys.Cast<object>().Where(key => key.ToString()!.Split(',')[0] == kind).Select(key => (string)types[key]!).Where(type => type != "f16"))
            {
                string result = name.StartsWith("atom", StringComparison.Ordinal) ? Register(type, 0) + ", " : "";
                foreach (string space in new[] { "", ".global", ".shared" })
                    forms.Add($"{name}{space}.{type} {result}[%rd1], {Register(type, 1)};");
            }
        }
        Assert.NotEmpty(forms);
        Assert.Equal("", Failures(forms));
    }

    private static IDictionary Entries(string table) =>
        (IDictionary)typeof(Context).Assembly.GetType("ILGPU.Backends.PTX.PTXInstructions", throwOnError: true)!
            .GetField(table, BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;

    private static string[] Table(string table) => [.. Entries(table).Values.Cast<string>().Distinct()];

    private static string Operands(string instruction, int sources)
    {
        string[] parts = instruction.Split('.');
        string type = parts[^1], result = parts[0] switch
        {
            "setp" or "testp" => "pred",
            "popc" or "clz" => "b32",
            "cvt" => parts[^2],
            "mul" when parts[1] == "wide" => "b64",
            _ => type,
        };
        var operands = new List<string> { Register(result, 0) };
        for (int i = 1; i <= sources; i++)
            operands.Add(parts[0] is "shl" or "shr" && i == 2 ? "%r2" : Register(type, i));
        if (parts[0] == "selp")
            operands.Add("%p1");
        return string.Join(", ", operands);
    }

    private static string Register(string type, int number) => type switch
    {
        "pred" => $"%p{number}",
        "f32" => $"%f{number}",
        "f64" => $"%fd{number}",
        [_, .., '8'] or [_, .., '6'] => $"%h{number}",
        [_, '3', '2'] => $"%r{number}",
        _ => $"%rd{number}",
    };

    private static string Failures(IEnumerable<string> lines)
    {
        var failures = new List<string>();
        foreach (string line in lines)
        {
            // Behind a branch, so that it is decoded and not run.
            if (Record.Exception(() => PtxText.Run(new PtxDevice(), PtxText.Kernel($"bra END;\n{line}\nEND:", 0), 1)) is { } fault)
                failures.Add(fault.Message);
        }
        return string.Join("\n", failures);
    }
}
