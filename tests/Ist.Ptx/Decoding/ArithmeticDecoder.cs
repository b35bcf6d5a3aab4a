using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;

namespace Ist.Ptx.Decoding;

/// <summary>add, sub, mul, div, rem, min, max, copysign; mad, fma, sad; neg, abs.</summary>
internal static class ArithmeticDecoder
{
    public static Instruction Unary(Form form)
    {
        form.Count(2, 2);
        bool flush = form.Opcode.Take("ftz");
        var type = form.Opcode.Type();
        Register d = form.Write(0, type), a = form.Read(1, type);
        bool negate = form.Opcode.Name == "neg";
        Instruction Make<T>() where T : unmanaged, INumber<T> => negate ? new Unary<T, Negate<T>>(d, a) : new Unary<T, Absolute<T>>(d, a);
        Instruction Float<T>() where T : unmanaged, IFloatingPointIeee754<T> => !flush ? Make<T>()
            : negate ? new Unary<T, FlushedUnary<T, Negate<T>>>(d, a) : new Unary<T, FlushedUnary<T, Absolute<T>>>(d, a);
        return type.Name switch
        {
            "s16" => Make<short>(),
            "s32" => Make<int>(),
            "s64" => Make<long>(),
            "f16" => Float<Half>(),
            "f32" => Float<float>(),
            "f64" => Float<double>(),
            _ => throw form.Opcode.Unknown($"type {type}"),
        };
    }

    public static Instruction Binary(Form form)
    {
        form.Count(3, 3);
        if (form.Opcode.Name == "mul" && form.Opcode.Take("wide"))
            return Wide(form);
        // ILGPU writes mul.u32 where PTX wants mul.lo.u32.
        bool high = form.Opcode.Name == "mul" && !form.Opcode.Take("lo") && form.Opcode.Take("hi");
        bool flush = form.Opcode.Take("ftz"), saturate = form.Opcode.Take("sat");
        string? approximate = form.Opcode.Name == "div" ? form.Opcode.TakeOne("approx", "full") : null;
        bool rounded = form.Opcode.Take("rn"), nan = form.Opcode.Take("NaN");
        var type = form.Opcode.Type();
        if (form.Opcode.Name == "div" && type.IsFloat && approximate is null && !rounded)
            throw form.Opcode.Unknown("a rounding is missing");
        Register d = form.Write(0, type), a = form.Read(1, type), b = form.Read(2, type);
        if (type.IsFloat)
        {
            string name = form.Opcode.Name + (nan ? ".NaN" : "") + (approximate is null ? "" : "." + approximate);
            return type.Name switch
            {
                "f16" => FloatDecoder.Binary<Half>(form, name, flush, saturate, d, a, b),
                "f32" => FloatDecoder.Binary<float>(form, name, flush, saturate, d, a, b),
                "f64" when !flush && !saturate => FloatDecoder.Binary<double>(form, name, false, false, d, a, b),
                _ => throw form.Opcode.Unknown($"type {type}"),
            };
        }
        if (flush || nan || rounded || approximate is not null || (saturate && type.Name != "s32"))
            throw form.Opcode.Unknown("a modifier of floating point on whole numbers");
        string operation = form.Opcode.Name + (high ? ".hi" : "") + (saturate ? ".sat" : "");
        return type.Name switch
        {
            "s16" => WholeDecoder.Binary<short>(form, operation, d, a, b),
            "s32" => WholeDecoder.Binary<int>(form, operation, d, a, b),
            "s64" => WholeDecoder.Binary<long>(form, operation, d, a, b),
            "u16" => WholeDecoder.Binary<ushort>(form, operation, d, a, b),
            "u32" => WholeDecoder.Binary<uint>(form, operation, d, a, b),
            "u64" => WholeDecoder.Binary<ulong>(form, operation, d, a, b),
            _ => throw form.Opcode.Unknown($"type {type}"),
        };
    }

    public static Instruction Ternary(Form form)
    {
        form.Count(4, 4);
        if (form.Opcode.Name == "mad" && form.Opcode.Take("wide"))
            return Wide(form);
        bool high = form.Opcode.Name == "mad" && !form.Opcode.Take("lo") && form.Opcode.Take("hi");
        bool flush = form.Opcode.Take("ftz"), saturate = form.Opcode.Take("sat"), rounded = form.Opcode.Take("rn");
        var type = form.Opcode.Type();
        if ((type.IsFloat && !rounded) || (!type.IsFloat && (rounded || flush || saturate)))
            throw form.Opcode.Unknown("its rounding is not known here");
        Register d = form.Write(0, type), a = form.Read(1, type), b = form.Read(2, type), c = form.Read(3, type);
        string operation = form.Opcode.Name + (high ? ".hi" : "");
        return type.Name switch
        {
            "s16" => WholeDecoder.Ternary<short>(form, operation, d, a, b, c),
            "s32" => WholeDecoder.Ternary<int>(form, operation, d, a, b, c),
            "s64" => WholeDecoder.Ternary<long>(form, operation, d, a, b, c),
            "u16" => WholeDecoder.Ternary<ushort>(form, operation, d, a, b, c),
            "u32" => WholeDecoder.Ternary<uint>(form, operation, d, a, b, c),
            "u64" => WholeDecoder.Ternary<ulong>(form, operation, d, a, b, c),
            "f16" => FloatDecoder.Fused<Half>(form, flush, saturate, d, a, b, c),
            "f32" => FloatDecoder.Fused<float>(form, flush, saturate, d, a, b, c),
            "f64" when !flush && !saturate => FloatDecoder.Fused<double>(form, false, false, d, a, b, c),
            _ => throw form.Opcode.Unknown($"type {type}"),
        };
    }

    private static Instruction Wide(Form form)
    {
        var type = form.Opcode.Type();
        var wide = type.Bytes == 2 ? PtxType.B32 : PtxType.B64;
        Register d = form.Write(0, wide), a = form.Read(1, type), b = form.Read(2, type);
        Register? c = form.Opcode.Name == "mad" ? form.Read(3, wide) : null;
        return type.Name switch
        {
            "s16" => new Wide<short, int>(d, a, b, c),
            "u16" => new Wide<ushort, uint>(d, a, b, c),
            "s32" => new Wide<int, long>(d, a, b, c),
            "u32" => new Wide<uint, ulong>(d, a, b, c),
            _ => throw form.Opcode.Unknown($"type {type}"),
        };
    }
}
