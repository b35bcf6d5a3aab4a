using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Decoding;

/// <summary>atom and red.</summary>
internal static class AtomicDecoder
{
    public static Instruction Decode(Form form)
    {
        var opcode = form.Opcode;
        opcode.TakeOne("relaxed", "acquire", "release", "acq_rel");
        opcode.TakeOne("cta", "gpu", "sys");
        return (opcode.TakeOne("global", "shared", "shared::cta") ?? "") switch
        {
            "global" => In<GlobalSpace>(form),
            "" => In<GenericSpace>(form),
            _ => In<SharedSpace>(form),
        };
    }

    private static Instruction In<TSpace>(Form form) where TSpace : ISpace
    {
        bool returns = form.Opcode.Name == "atom";
        string operation = form.Opcode.Expect("add", "min", "max", "and", "or", "xor", "inc", "dec", "exch", "cas");
        var type = form.Opcode.Type();
        Register? d = returns ? form.Write(0, type) : null;
        int first = returns ? 1 : 0;
        var (address, offset) = form.Address(first);
        int instruction = form.Kernel.NumberGlobalAccess();
        if (operation is "exch" or "cas")
        {
            if (d is not { } old)
                throw form.Opcode.Unknown("red has none");
            Register? expected = operation == "cas" ? form.Read(first + 1, type) : null;
            var value = form.Read(first + (operation == "cas" ? 2 : 1), type);
            return type.Bytes switch
            {
                4 => new AtomicExchange<TSpace, uint>(old, address, offset, expected, value, instruction),
                8 => new AtomicExchange<TSpace, ulong>(old, address, offset, expected, value, instruction),
                _ => throw form.Opcode.Unknown($"type {type}"),
            };
        }
        var b = form.Read(first + 1, type);
        Instruction Make<T, TRaw, TOp>() where T : unmanaged where TRaw : unmanaged, IBinaryInteger<TRaw> where TOp : IBinary<T> =>
            new Atomic<TSpace, T, TRaw, TOp>(d, address, offset, b, instruction);
        Instruction Whole<T, TRaw>() where T : unmanaged, IBinaryInteger<T> where TRaw : unmanaged, IBinaryInteger<TRaw> => operation switch
        {
            "add" => Make<T, TRaw, Add<T>>(),
            "min" => Make<T, TRaw, Minimum<T>>(),
            "max" => Make<T, TRaw, Maximum<T>>(),
            "and" => Make<T, TRaw, And<T>>(),
            "or" => Make<T, TRaw, Or<T>>(),
            "xor" => Make<T, TRaw, Xor<T>>(),
            "inc" when typeof(T) == typeof(uint) => Make<uint, uint, IncrementWrapped>(),
            "dec" when typeof(T) == typeof(uint) => Make<uint, uint, DecrementWrapped>(),
            _ => throw form.Opcode.Unknown($".{operation} of {type}"),
        };
        return (type.Name, operation) switch
        {
            ("f32", "add") => Make<float, uint, Add<float>>(),
            ("f64", "add") => Make<double, ulong, Add<double>>(),
            ("s32", _) => Whole<int, uint>(),
            ("u32" or "b32", _) => Whole<uint, uint>(),
            ("s64", _) => Whole<long, ulong>(),
            ("u64" or "b64", _) => Whole<ulong, ulong>(),
            _ => throw form.Opcode.Unknown($".{operation} of {type}"),
        };
    }
}
