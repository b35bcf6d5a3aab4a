using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>mma.sync and ldmatrix.</summary>
internal static class MatrixDecoder
{
    public static Instruction Decode(Form form)
    {
        form.Opcode.Expect("sync");
        form.Opcode.Expect("aligned");
        return form.Opcode.Name == "mma" ? Multiply(form) : Load(form);
    }

    private static MatrixMultiply Multiply(Form form)
    {
        form.Count(4, 4);
        int k = form.Opcode.Expect("m16n8k4", "m16n8k8", "m16n8k16") switch { "m16n8k4" => 4, "m16n8k8" => 8, _ => 16 };
        form.Opcode.Expect("row");
        form.Opcode.Expect("col");
        string[] types = [form.Opcode.Type().Name, form.Opcode.Type().Name, form.Opcode.Type().Name, form.Opcode.Type().Name];
        if (types[0] != "f32" || types[3] != "f32" || types[1] != types[2])
            throw form.Opcode.Unknown("only factors of one type with sums in .f32 are known here");
        var element = types[1] switch
        {
            "f16" => MatrixElement.Half,
            "bf16" => MatrixElement.BFloat16,
            "tf32" => MatrixElement.TF32,
            _ => throw form.Opcode.Unknown($"factors of .{types[1]}"),
        };
        if (element == MatrixElement.TF32 ? k == 16 : k == 4)
            throw form.Opcode.Unknown("there is no such shape for this type");
        int registers = k / (element == MatrixElement.TF32 ? 2 : 4);
        return new MatrixMultiply(
            element, k, Results(form, 0, 4), Sources(form, 1, registers), Sources(form, 2, registers / 2), Sources(form, 3, 4));
    }

    private static LoadMatrix Load(Form form)
    {
        form.Count(2, 2);
        int count = form.Opcode.Expect("x1", "x2", "x4")[1] - '0';
        form.Opcode.Expect("m8n8");
        bool transposed = form.Opcode.Take("trans");
        form.Opcode.Expect("shared", "shared::cta");
        if (form.Opcode.Type() != PtxType.B16)
            throw form.Opcode.Unknown("its type must be .b16");
        var to = Results(form, 0, count);
        var (address, offset) = form.Address(1, allowNarrow: true);
        return new LoadMatrix(to, address, offset, transposed);
    }

    private static Register[] Results(Form form, int operand, int count)
    {
        var registers = form.WriteVector(operand, PtxType.B32, exact: true);
        return registers.Length == count && registers.All(register => register is not null)
            ? [.. registers.Select(register => register!.Value)]
            : throw form.Opcode.Unknown($"{count} registers were expected in operand {operand + 1}");
    }

    private static Register[] Sources(Form form, int operand, int count)
    {
        var registers = form.ReadVector(operand, PtxType.B32, exact: true);
        return registers.Length == count ? registers : throw form.Opcode.Unknown($"{count} registers were expected in operand {operand + 1}");
    }
}
