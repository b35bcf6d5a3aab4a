using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;

namespace Ist.Ptx.Decoding;

/// <summary>Arithmetic of floating point, rounded to the nearest.</summary>
internal static class FloatDecoder
{
    public static Instruction Binary<T>(Form form, string operation, bool flush, bool saturate, Register d, Register a, Register b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Instruction Make<TOp>() where TOp : IBinary<T> => (flush, saturate) switch
        {
            (false, false) => new Binary<T, TOp>(d, a, b),
            (true, false) => new Binary<T, FlushedBinary<T, TOp>>(d, a, b),
            (false, true) => new Binary<T, SaturatedBinary<T, TOp>>(d, a, b),
            _ => new Binary<T, SaturatedBinary<T, FlushedBinary<T, TOp>>>(d, a, b),
        };
        Instruction Single<TOp>() where TOp : IBinary<float> => flush
            ? new Binary<float, FlushedBinary<float, TOp>>(d, a, b) : new Binary<float, TOp>(d, a, b);
        return operation switch
        {
            "add" => Make<Add<T>>(),
            "sub" => Make<Subtract<T>>(),
            "mul" => Make<Multiply<T>>(),
            "div" => Make<FloatDivide<T>>(),
            "min" => Make<Minimum<T>>(),
            "max" => Make<Maximum<T>>(),
            "min.NaN" => Make<MinimumOrNaN<T>>(),
            "max.NaN" => Make<MaximumOrNaN<T>>(),
            "copysign" => Make<CopySign<T>>(),
            "div.approx" when typeof(T) == typeof(float) => Single<DivideApprox>(),
            "div.full" when typeof(T) == typeof(float) => Single<DivideFull>(),
            _ => throw form.Opcode.Unknown("there is none for this type"),
        };
    }

    public static Instruction Fused<T>(Form form, bool flush, bool saturate, Register d, Register a, Register b, Register c)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (form.Opcode.Name == "sad")
            throw form.Opcode.Unknown("there is none for floating point");
        return (flush, saturate) switch
        {
            (false, false) => new Ternary<T, Fused<T>>(d, a, b, c),
            (true, false) => new Ternary<T, FlushedTernary<T, Fused<T>>>(d, a, b, c),
            (false, true) => new Ternary<T, SaturatedTernary<T, Fused<T>>>(d, a, b, c),
            _ => new Ternary<T, SaturatedTernary<T, FlushedTernary<T, Fused<T>>>>(d, a, b, c),
        };
    }
}
