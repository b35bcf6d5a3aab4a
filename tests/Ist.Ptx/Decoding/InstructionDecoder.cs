using Ist.Ptx.Execution;

namespace Ist.Ptx.Decoding;

/// <summary>Finds the family of an instruction by its name.</summary>
internal static class InstructionDecoder
{
    /// <summary>Decodes one instruction.</summary>
    /// <exception cref="PtxException">Nothing is known of it.</exception>
    public static Instruction Decode(Form form) => form.Opcode.Name switch
    {
        "add" or "sub" or "mul" or "div" or "rem" or "min" or "max" or "copysign" => ArithmeticDecoder.Binary(form),
        "mad" or "fma" or "sad" => ArithmeticDecoder.Ternary(form),
        "neg" or "abs" => ArithmeticDecoder.Unary(form),
        "rcp" or "sqrt" or "rsqrt" or "sin" or "cos" or "lg2" or "ex2" or "tanh" => FunctionDecoder.Decode(form),
        "and" or "or" or "xor" or "not" or "cnot" => LogicDecoder.Logic(form),
        "shl" or "shr" => LogicDecoder.Shift(form),
        "popc" or "clz" or "brev" or "bfind" or "bfe" or "bfi" or "prmt" or "lop3" or "shf" => BitDecoder.Decode(form),
        "setp" => CompareDecoder.Decode(form),
        "testp" => CompareDecoder.Test(form),
        "selp" or "slct" => SelectDecoder.Decode(form),
        "mov" => MoveDecoder.Move(form),
        "cvta" => MoveDecoder.AddressCast(form),
        "cvt" => ConvertDecoder.Decode(form),
        "ld" or "ldu" => MemoryDecoder.Load(form),
        "st" => MemoryDecoder.Store(form),
        "atom" or "red" => AtomicDecoder.Decode(form),
        "bra" or "brx" or "ret" or "exit" or "trap" => ControlDecoder.Decode(form),
        "bar" or "barrier" or "membar" or "fence" => ControlDecoder.Synchronization(form),
        "shfl" or "vote" or "activemask" => WarpDecoder.Decode(form),
        "mma" or "ldmatrix" => MatrixDecoder.Decode(form),
        "cp" => CopyDecoder.Decode(form),
        _ => throw form.Opcode.Unknown("this instruction is not known here"),
    };
}
