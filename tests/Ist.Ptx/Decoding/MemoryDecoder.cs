using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Memory;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>ld and st in all spaces.</summary>
internal static class MemoryDecoder
{
    public static Instruction Load(Form form)
    {
        form.Count(2, 2);
        var (space, vector, type) = Modifiers(form);
        var to = form.WriteVector(0, type, exact: false);
        if (to.Length != vector)
            throw form.Opcode.Unknown($"{to.Length} registers");
        // What is loaded into '_' is checked, and thrown away.
        Register[] registers = [.. to.Select(register => register ?? form.Kernel.Registers.Allocate("_", type))];
        if (registers.Any(register => register.Bytes != registers[0].Bytes))
            throw form.Opcode.Unknown("registers of different widths");
        if (space == "param" && form.Operands[1] is AddressOperand { Name: { } name } parameter
            && form.Kernel.Find(name) is VariableSymbol { Space: VariableSymbol.KernelParameter } variable)
        {
            int place = (int)variable.Address + (int)parameter.Offset;
            return Types(form, type, registers[0], new ParameterLoading(registers, place));
        }
        var (address, offset) = form.Address(1);
        int instruction = form.Kernel.NumberGlobalAccess();
        return space switch
        {
            "global" or "const" => Types(form, type, registers[0], new Loading<GlobalSpace>(registers, address, offset, instruction)),
            "shared" => Types(form, type, registers[0], new Loading<SharedSpace>(registers, address, offset, instruction)),
            "local" or "param" => Types(form, type, registers[0], new Loading<LocalSpace>(registers, address, offset, instruction)),
            _ => Types(form, type, registers[0], new Loading<GenericSpace>(registers, address, offset, instruction)),
        };
    }

    public static Instruction Store(Form form)
    {
        form.Count(2, 2);
        var (space, vector, type) = Modifiers(form);
        var (address, offset) = form.Address(0);
        var from = form.ReadVector(1, type, exact: false);
        if (from.Length != vector)
            throw form.Opcode.Unknown($"{from.Length} registers");
        int instruction = form.Kernel.NumberGlobalAccess();
        return space switch
        {
            "global" => Types(form, type, from[0], new Storing<GlobalSpace>(from, address, offset, instruction)),
            "shared" => Types(form, type, from[0], new Storing<SharedSpace>(from, address, offset, instruction)),
            "local" or "param" => Types(form, type, from[0], new Storing<LocalSpace>(from, address, offset, instruction)),
            "" => Types(form, type, from[0], new Storing<GenericSpace>(from, address, offset, instruction)),
            _ => throw form.Opcode.Unknown($"a store to .{space}"),
        };
    }

    private static (string Space, int Vector, PtxType Type) Modifiers(Form form)
    {
        var opcode = form.Opcode;
        // Caching and ordering change nothing where memory is in order.
        opcode.TakeOne("volatile", "relaxed", "weak", "acquire", "release");
        opcode.TakeOne("cta", "gpu", "sys");
        string space = opcode.TakeOne("global", "shared", "local", "param", "const", "shared::cta") ?? "";
        opcode.TakeOne("ca", "cg", "cs", "lu", "cv", "wb", "wt");
        opcode.Take("nc");
        opcode.TakeOne("L1::evict_normal", "L1::evict_last", "L1::evict_first", "L1::no_allocate", "L1::evict_unchanged");
        opcode.TakeOne("L2::64B", "L2::128B", "L2::256B");
        int vector = opcode.TakeOne("v2", "v4") is { } name ? name[1] - '0' : 1;
        var type = opcode.Type();
        if (type.Bytes * vector > 16)
            throw opcode.Unknown("more than 16 bytes");
        return (space == "shared::cta" ? "shared" : space, vector, type);
    }

    /// <summary>Loads keep the sign of signed types; all else is bits.</summary>
    private static Instruction Types(Form form, PtxType type, Register register, IAccess access) => (type.Bytes, type.IsSigned) switch
    {
        (1, true) => Widths<sbyte>(register, access),
        (1, false) => Widths<byte>(register, access),
        (2, true) => Widths<short>(register, access),
        (2, false) => Widths<ushort>(register, access),
        (4, true) => Widths<int>(register, access),
        (4, false) => Widths<uint>(register, access),
        (8, _) => Widths<ulong>(register, access),
        _ => throw form.Opcode.Unknown($"type {type}"),
    };

    private static Instruction Widths<T>(Register register, IAccess access) where T : unmanaged, IBinaryInteger<T> => register.Bytes switch
    {
        2 => access.Make<T, ushort>(),
        4 => access.Make<T, uint>(),
        _ => access.Make<T, ulong>(),
    };

    private interface IAccess
    {
        Instruction Make<T, TRegister>() where T : unmanaged, IBinaryInteger<T> where TRegister : unmanaged, IBinaryInteger<TRegister>;
    }

    private sealed record Loading<TSpace>(Register[] To, Register Address, long Offset, int Instruction) : IAccess where TSpace : ISpace
    {
        public Instruction Make<T, TRegister>() where T : unmanaged, IBinaryInteger<T> where TRegister : unmanaged, IBinaryInteger<TRegister> =>
            new Load<TSpace, T, TRegister>(To, Address, Offset, Instruction);
    }

    private sealed record Storing<TSpace>(Register[] From, Register Address, long Offset, int Instruction) : IAccess where TSpace : ISpace
    {
        public Instruction Make<T, TRegister>() where T : unmanaged, IBinaryInteger<T> where TRegister : unmanaged, IBinaryInteger<TRegister> =>
            new Store<TSpace, T, TRegister>(From, Address, Offset, Instruction);
    }

    private sealed record ParameterLoading(Register[] To, int Place) : IAccess
    {
        public Instruction Make<T, TRegister>() where T : unmanaged, IBinaryInteger<T> where TRegister : unmanaged, IBinaryInteger<TRegister> =>
            new LoadParameter<T, TRegister>(To, Place);
    }
}
