using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>setp and testp.</summary>
internal static class CompareDecoder
{
    private static readonly string[] _comparisons =
        ["eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"];

    public static Instruction Decode(Form form)
    {
        form.Count(3, 4);
        string comparison = form.Opcode.Expect(_comparisons);
        string? combined = form.Opcode.TakeOne("and", "or", "xor");
        bool flush = form.Opcode.Take("ftz");
        var type = form.Opcode.Type();
        Register? q = null;
        Register p;
        if (form.Operands[0] is PairOperand pair)
            (p, q) = (form.Write(pair.First, PtxType.Pred, exact: true), form.Write(pair.Second, PtxType.Pred, exact: true));
        else
            p = form.Write(0, PtxType.Pred);
        Register a = form.Read(1, type), b = form.Read(2, type);
        if (combined is not null != (form.Operands.Count == 4))
            throw form.Opcode.Unknown("a third predicate needs .and, .or or .xor");
        var (c, negated) = combined is null ? ((Register?)null, false) : form.Predicate(3);
        var combine = combined switch { "and" => Combine.And, "or" => Combine.Or, "xor" => Combine.Xor, _ => Combine.None };

        Instruction Of<T, TOp>() where T : unmanaged where TOp : ICompare<T> => new Compare<T, TOp>(p, q, a, b, combine, c, negated);
        Instruction Whole<T>() where T : unmanaged, INumber<T> => comparison switch
        {
            "eq" => Of<T, Equal<T>>(),
            "ne" => Of<T, NotEqual<T>>(),
            "lt" or "lo" => Of<T, Less<T>>(),
            "le" or "ls" => Of<T, LessOrEqual<T>>(),
            "gt" or "hi" => Of<T, Greater<T>>(),
            "ge" or "hs" => Of<T, GreaterOrEqual<T>>(),
            _ => throw form.Opcode.Unknown($".{comparison} of whole numbers"),
        };
        Instruction Float<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            Instruction Flushed<TOp>() where TOp : ICompare<T> => flush ? Of<T, FlushedCompare<T, TOp>>() : Of<T, TOp>();
            return comparison switch
            {
                "eq" => Flushed<Equal<T>>(),
                "ne" => Flushed<NotEqual<T>>(),
                "lt" => Flushed<Less<T>>(),
                "le" => Flushed<LessOrEqual<T>>(),
                "gt" => Flushed<Greater<T>>(),
                "ge" => Flushed<GreaterOrEqual<T>>(),
                "equ" => Flushed<OrUnordered<T, Equal<T>>>(),
                "neu" => Flushed<OrUnordered<T, NotEqual<T>>>(),
                "ltu" => Flushed<OrUnordered<T, Less<T>>>(),
                "leu" => Flushed<OrUnordered<T, LessOrEqual<T>>>(),
                "gtu" => Flushed<OrUnordered<T, Greater<T>>>(),
                "geu" => Flushed<OrUnordered<T, GreaterOrEqual<T>>>(),
                "num" => Flushed<Numbers<T>>(),
                "nan" => Flushed<OrUnordered<T, Never<T>>>(),
                _ => throw form.Opcode.Unknown($".{comparison} of floating point"),
            };
        }
        return type.Name switch
        {
            "s16" => Whole<short>(),
            "s32" => Whole<int>(),
            "s64" => Whole<long>(),
            "u16" or "b16" => Whole<ushort>(),
            "u32" or "b32" => Whole<uint>(),
            "u64" or "b64" => Whole<ulong>(),
            "f16" => Float<Half>(),
            "f32" => Float<float>(),
            "f64" => Float<double>(),
            _ => throw form.Opcode.Unknown($"type {type}"),
        };
    }

    public static Instruction Test(Form form)
    {
        form.Count(2, 2);
        string kind = form.Opcode.Expect("finite", "infinite", "number", "notanumber", "normal", "subnormal");
        var type = form.Opcode.Type();
        Register p = form.Write(0, PtxType.Pred), a = form.Read(1, type);
        return type.Name switch
        {
            "f32" => new ClassTest<float>(p, a, kind),
            "f64" => new ClassTest<double>(p, a, kind),
            _ => throw form.Opcode.Unknown($"type {type}"),
        };
    }
}
