using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>Branches, the end, and barriers.</summary>
internal static class ControlDecoder
{
    public static Instruction Decode(Form form)
    {
        bool uniform = form.Opcode.Take("uni");
        switch (form.Opcode.Name)
        {
            case "bra":
                form.Count(1, 1);
                return new Branch(form.Kernel.Label(Name(form, 0), form.Line), uniform);
            case "brx":
                form.Count(2, 2);
                form.Opcode.Expect("idx");
                return new BranchIndexed(form.Read(0, PtxType.B32), form.Kernel.Targets(Name(form, 1), form.Line), uniform);
            case "ret":
                form.Count(0, 0);
                return form.Kernel.Return();
            case "exit":
                form.Count(0, 0);
                return new Exit();
            default:
                form.Count(0, 0);
                return new Trap();
        }
    }

    public static Instruction Synchronization(Form form)
    {
        var opcode = form.Opcode;
        if (opcode.Name is "membar" or "fence")
        {
            form.Count(0, 0);
            opcode.TakeOne("sc", "acq_rel");
            opcode.Expect("cta", "gl", "gpu", "sys");
            return new Fence();
        }
        opcode.TakeOne("cta", "aligned");
        opcode.Take("aligned");
        if (opcode.Take("warp"))
        {
            form.Count(1, 1);
            opcode.Expect("sync");
            return new WarpBarrier(form.Read(0, PtxType.B32));
        }
        if (opcode.Expect("sync", "red") == "sync")
        {
            form.Count(1, 2);
            return new BlockBarrier(form.Read(0, PtxType.B32), form.Operands.Count == 2 ? form.Read(1, PtxType.B32) : null, BarrierResult.None, null, null, false);
        }
        form.Count(3, 4);
        var result = opcode.Expect("popc", "and", "or") switch { "popc" => BarrierResult.Count, "and" => BarrierResult.And, _ => BarrierResult.Or };
        var type = opcode.Type();
        if (type.Name != (result == BarrierResult.Count ? "u32" : "pred"))
            throw opcode.Unknown($"type {type}");
        var d = form.Write(0, type);
        var number = form.Read(1, PtxType.B32);
        Register? threads = form.Operands.Count == 4 ? form.Read(2, PtxType.B32) : null;
        var (a, negated) = form.Predicate(form.Operands.Count - 1);
        return new BlockBarrier(number, threads, result, d, a, negated);
    }

    private static string Name(Form form, int operand) => form.Operands[operand] is NameOperand name ? name.Name : throw form.Opcode.Unknown("a label was expected");
}
