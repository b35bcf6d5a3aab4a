using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;

namespace Ist.Ptx.Decoding;

/// <summary>and, or, xor, not, cnot; shl, shr.</summary>
internal static class LogicDecoder
{
    public static Instruction Logic(Form form)
    {
        var type = form.Opcode.Type();
        bool unary = form.Opcode.Name is "not" or "cnot";
        form.Count(unary ? 2 : 3, unary ? 2 : 3);
        if (type == PtxType.Pred)
            return Predicates(form, unary);
        Register d = form.Write(0, type), a = form.Read(1, type);
        Register? b = unary ? null : form.Read(2, type);
        return type.Name switch
        {
            "b16" => Make<ushort>(form, d, a, b),
            "b32" => Make<uint>(form, d, a, b),
            "b64" => Make<ulong>(form, d, a, b),
            _ => throw form.Opcode.Unknown($"type {type}"),
        };
    }

    public static Instruction Shift(Form form)
    {
        form.Count(3, 3);
        var type = form.Opcode.Type();
        Register d = form.Write(0, type), a = form.Read(1, type), b = form.Read(2, PtxType.B32);
        return (form.Opcode.Name, type.Name) switch
        {
            ("shl", "b16") => new Shift<ushort, ShiftLeft<ushort>>(d, a, b),
            ("shl", "b32") => new Shift<uint, ShiftLeft<uint>>(d, a, b),
            ("shl", "b64") => new Shift<ulong, ShiftLeft<ulong>>(d, a, b),
            ("shr", "b16" or "u16") => new Shift<ushort, ShiftRight<ushort>>(d, a, b),
            ("shr", "b32" or "u32") => new Shift<uint, ShiftRight<uint>>(d, a, b),
            ("shr", "b64" or "u64") => new Shift<ulong, ShiftRight<ulong>>(d, a, b),
            ("shr", "s16") => new Shift<short, ShiftRight<short>>(d, a, b),
            ("shr", "s32") => new Shift<int, ShiftRight<int>>(d, a, b),
            ("shr", "s64") => new Shift<long, ShiftRight<long>>(d, a, b),
            _ => throw form.Opcode.Unknown($"type {type}"),
        };
    }

    private static PredicateLogic Predicates(Form form, bool unary)
    {
        var d = form.Write(0, PtxType.Pred);
        var (a, negated) = form.Predicate(1);
        if (form.Opcode.Name == "cnot" || (negated && !unary))
            throw form.Opcode.Unknown("not of predicates");
        return new PredicateLogic(d, a, unary && !negated, form.Opcode.Name switch
        {
            "and" => Combine.And,
            "or" => Combine.Or,
            "xor" => Combine.Xor,
            _ => Combine.None,
        }, unary ? null : form.Predicate(2).Register);
    }

    private static Instruction Make<T>(Form form, Register d, Register a, Register? b) where T : unmanaged, IBinaryInteger<T> => form.Opcode.Name switch
    {
        "and" => new Binary<T, And<T>>(d, a, b!.Value),
        "or" => new Binary<T, Or<T>>(d, a, b!.Value),
        "xor" => new Binary<T, Xor<T>>(d, a, b!.Value),
        "not" => new Unary<T, Not<T>>(d, a),
        _ => new Unary<T, IsZero<T>>(d, a),
    };
}
