using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>popc, clz, brev, bfind, bfe, bfi, prmt, lop3, shf.</summary>
internal static class BitDecoder
{
    public static Instruction Decode(Form form)
    {
        bool shift = form.Opcode.Take("shiftamt");
        string? direction = form.Opcode.TakeOne("l", "r"), mode = form.Opcode.TakeOne("clamp", "wrap");
        var type = form.Opcode.Type();
        return form.Opcode.Name switch
        {
            "prmt" => Permuted(form),
            "lop3" => Table(form),
            "shf" => new FunnelShift(form.Write(0, PtxType.B32), form.Read(1, PtxType.B32), form.Read(2, PtxType.B32), form.Read(3, PtxType.B32),
                direction == "l", mode == "wrap"),
            _ => type.Name switch
            {
                "b32" or "u32" => Make<uint>(form, type, shift),
                "b64" or "u64" => Make<ulong>(form, type, shift),
                "s32" => Make<int>(form, type, shift),
                "s64" => Make<long>(form, type, shift),
                _ => throw form.Opcode.Unknown($"type {type}"),
            },
        };
    }

    private static Instruction Make<T>(Form form, PtxType type, bool shift) where T : unmanaged, IBinaryInteger<T>
    {
        bool counts = form.Opcode.Name is "popc" or "clz" or "bfind";
        Register d = form.Write(0, counts ? PtxType.B32 : type), a = form.Read(1, type);
        switch (form.Opcode.Name)
        {
            case "popc": return new Mixed<T, uint, PopCount<T>>(d, a);
            case "clz": return new Mixed<T, uint, LeadingZeros<T>>(d, a);
            case "bfind": return shift ? new Mixed<T, uint, FindShift<T>>(d, a) : new Mixed<T, uint, FindBit<T>>(d, a);
            case "brev": return new Unary<T, Reverse<T>>(d, a);
            case "bfe": return new BitField<T, ExtractBits<T>>(d, a, a, form.Read(2, PtxType.B32), form.Read(3, PtxType.B32));
            default:
                form.Count(5, 5);
                return new BitField<T, InsertBits<T>>(d, a, form.Read(2, type), form.Read(3, PtxType.B32), form.Read(4, PtxType.B32));
        }
    }

    private static Ternary<uint, Permute> Permuted(Form form)
    {
        form.Count(4, 4);
        return new Ternary<uint, Permute>(form.Write(0, PtxType.B32), form.Read(1, PtxType.B32), form.Read(2, PtxType.B32), form.Read(3, PtxType.B32));
    }

    private static Logic3 Table(Form form)
    {
        form.Count(5, 5);
        int table = form.Operands[4] is LiteralOperand literal ? (int)literal.Bits(PtxType.B32) : throw form.Opcode.Unknown("its table must be a number");
        return new Logic3(form.Write(0, PtxType.B32), form.Read(1, PtxType.B32), form.Read(2, PtxType.B32), form.Read(3, PtxType.B32), table);
    }
}
