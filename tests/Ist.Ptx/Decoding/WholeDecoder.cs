using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;

namespace Ist.Ptx.Decoding;

/// <summary>Arithmetic of whole numbers.</summary>
internal static class WholeDecoder
{
    public static Instruction Binary<T>(Form form, string operation, Register d, Register a, Register b) where T : unmanaged, IBinaryInteger<T> => operation switch
    {
        "add" => new Binary<T, Add<T>>(d, a, b),
        "sub" => new Binary<T, Subtract<T>>(d, a, b),
        "add.sat" => new Binary<T, AddSaturated<T>>(d, a, b),
        "sub.sat" => new Binary<T, SubtractSaturated<T>>(d, a, b),
        "mul" => new Binary<T, Multiply<T>>(d, a, b),
        "mul.hi" => new Binary<T, MultiplyHigh<T>>(d, a, b),
        "div" => new Binary<T, Divide<T>>(d, a, b),
        "rem" => new Binary<T, Remainder<T>>(d, a, b),
        "min" => new Binary<T, Minimum<T>>(d, a, b),
        "max" => new Binary<T, Maximum<T>>(d, a, b),
        _ => throw form.Opcode.Unknown("there is none for whole numbers"),
    };

    public static Instruction Ternary<T>(Form form, string operation, Register d, Register a, Register b, Register c) where T : unmanaged, IBinaryInteger<T> => operation switch
    {
        "mad" => new Ternary<T, MultiplyAdd<T>>(d, a, b, c),
        "mad.hi" => new Ternary<T, MultiplyHighAdd<T>>(d, a, b, c),
        "sad" => new Ternary<T, AbsoluteDifference<T>>(d, a, b, c),
        _ => throw form.Opcode.Unknown("there is none for whole numbers"),
    };
}
