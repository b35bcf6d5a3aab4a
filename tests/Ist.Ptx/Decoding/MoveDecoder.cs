using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Memory;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>mov, of a register, a number, an address or the parts of a register; cvta.</summary>
internal static class MoveDecoder
{
    public static Instruction Move(Form form)
    {
        form.Count(2, 2);
        var type = form.Opcode.Type();
        if (type == PtxType.Pred)
        {
            var (source, negated) = form.Predicate(1);
            return new PredicateLogic(form.Write(0, type), source, negated, Combine.None, null);
        }
        if (form.Operands[0] is ListOperand parts)
            return new Unpack(form.WriteVector(0, Part(form, type, parts.Items.Count), exact: true), form.Read(1, type));
        if (form.Operands[1] is ListOperand sources)
            return new Pack(form.Write(0, type), form.ReadVector(1, Part(form, type, sources.Items.Count), exact: true));
        Register d = form.Write(0, type), a = form.Read(1, type);
        return type.Bytes switch
        {
            2 => new Move<ushort>(d, a),
            4 => new Move<uint>(d, a),
            8 => new Move<ulong>(d, a),
            _ => throw form.Opcode.Unknown($"type {type}"),
        };
    }

    public static Instruction AddressCast(Form form)
    {
        form.Count(2, 2);
        bool from = form.Opcode.Take("to");
        string space = form.Opcode.Expect("global", "shared", "local", "const");
        ulong window = space switch
        {
            "shared" => GenericSpace.SharedWindow,
            "local" => GenericSpace.LocalWindow,
            _ => 0,
        };
        var type = form.Opcode.Type();
        if (type.Name != "u64")
            throw form.Opcode.Unknown("addresses have 64 bits here");
        return new AddressCast(form.Write(0, type), form.Read(1, type), from ? 0 - window : window);
    }

    private static PtxType Part(Form form, PtxType type, int count) => (type.Bytes / count) switch
    {
        2 => PtxType.B16,
        4 => PtxType.B32,
        _ => throw form.Opcode.Unknown($"{count} parts of {type}"),
    };
}
