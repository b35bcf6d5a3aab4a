using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>cp.async and its groups.</summary>
internal static class CopyDecoder
{
    public static Instruction Decode(Form form)
    {
        var opcode = form.Opcode;
        opcode.Expect("async");
        if (opcode.Take("commit_group"))
        {
            form.Count(0, 0);
            return new CommitCopies();
        }
        if (opcode.Take("wait_all"))
        {
            form.Count(0, 0);
            return new WaitCopies(-1);
        }
        if (opcode.Take("wait_group"))
        {
            form.Count(1, 1);
            return new WaitCopies((int)Number(form, 0));
        }
        form.Count(3, 4);
        bool l2Only = opcode.Expect("ca", "cg") == "cg";
        opcode.Expect("shared", "shared::cta");
        opcode.Expect("global");
        opcode.TakeOne("L2::64B", "L2::128B", "L2::256B");
        var (to, toOffset) = form.Address(0, allowNarrow: true);
        var (from, fromOffset) = form.Address(1);
        int bytes = (int)Number(form, 2);
        if (l2Only ? bytes != 16 : bytes is not (4 or 8 or 16))
            throw opcode.Unknown($"{bytes} bytes");
        Register? given = form.Operands.Count == 4 ? form.Read(3, PtxType.B32) : null;
        return new CopyAsync(to, toOffset, from, fromOffset, bytes, given, form.Kernel.NumberGlobalAccess());
    }

    private static long Number(Form form, int operand) => form.Operands[operand] is LiteralOperand literal
        ? (long)literal.Bits(PtxType.B64)
        : throw form.Opcode.Unknown($"operand {operand + 1} must be a number");
}
