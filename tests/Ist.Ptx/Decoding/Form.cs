using Ist.Ptx.Execution;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>One instruction as it is decoded: its opcode, and its operands as registers, which are noted as read or written.</summary>
internal sealed class Form(KernelDecoder kernel, InstructionStatement statement)
{
    private readonly List<Register> _reads = [];
    private readonly List<Register> _writes = [];

    public KernelDecoder Kernel { get; } = kernel;

    public Opcode Opcode { get; } = new(statement.Opcode, statement.Line);

    public int Line => statement.Line;

    public IReadOnlyList<Operand> Operands => statement.Operands;

    public Register[] Reads => [.. _reads];

    public Register[] Writes => [.. _writes];

    public void Count(int least, int most)
    {
        if (Operands.Count < least || Operands.Count > most)
            throw Opcode.Unknown($"it has {Operands.Count} operands");
    }

    /// <summary>A source of exactly a type's width.</summary>
    public Register Read(int operand, PtxType type) => Read(Operands[operand], type, exact: true);

    /// <summary>A source of at least a type's width.</summary>
    public Register ReadWide(int operand, PtxType type) => Read(Operands[operand], type, exact: false);

    /// <summary>A result of exactly a type's width.</summary>
    public Register Write(int operand, PtxType type) => Write(Operands[operand], type, exact: true);

    /// <summary>A result of at least a type's width.</summary>
    public Register WriteWide(int operand, PtxType type) => Write(Operands[operand], type, exact: false);

    /// <summary>A predicate source, and whether '!' negates it.</summary>
    public (Register Register, bool Negated) Predicate(int operand)
    {
        if (Operands[operand] is not NameOperand name)
        {
            if (Operands[operand] is LiteralOperand literal)
                return (Note(_reads, Kernel.Registers.Constant(literal.Bits(PtxType.B32) == 0 ? 0UL : 1, PtxType.Pred)), false);
            throw Opcode.Unknown($"operand {operand + 1} must be a predicate");
        }
        return (Note(_reads, Check(Register(name.Name), PtxType.Pred, exact: true, operand)), name.Negated);
    }

    /// <summary>The registers of {a, b, …}, or one register alone; null for '_'.</summary>
    public Register?[] WriteVector(int operand, PtxType type, bool exact) => Operands[operand] is ListOperand list
        ? [.. list.Items.Select(item => item is NameOperand { Name: "_" } ? (Register?)null : Write(item, type, exact))]
        : [Write(Operands[operand], type, exact)];

    public Register[] ReadVector(int operand, PtxType type, bool exact) => Operands[operand] is ListOperand list
        ? [.. list.Items.Select(item => Read(item, type, exact))]
        : [Read(Operands[operand], type, exact)];

    /// <summary>The register of an address and its offset.</summary>
    public (Register Register, long Offset) Address(int operand, bool allowNarrow = false)
    {
        if (Operands[operand] is not AddressOperand address)
            throw Opcode.Unknown($"operand {operand + 1} must be an address");
        if (address.Name is null)
            return (Note(_reads, Kernel.Registers.Constant(0, PtxType.B64)), address.Offset);
        if (Kernel.Find(address.Name) is VariableSymbol variable)
            return (Variable(variable, PtxType.B64), address.Offset);
        var register = Register(address.Name);
        if (register.Bytes != 8 && !(allowNarrow && register.Bytes == 4))
            throw Opcode.Unknown($"the address '{address.Name}' must be a register of 64 bits");
        return (Note(_reads, register), address.Offset);
    }

    public Register Read(Operand operand, PtxType type, bool exact)
    {
        switch (operand)
        {
            case LiteralOperand literal:
                return Note(_reads, Kernel.Registers.Constant(literal.Bits(type), type));
            case NameOperand name when Kernel.Find(name.Name) is VariableSymbol variable:
                return Variable(variable, type);
            case AddressOperand { Name: { } name } address when Kernel.Find(name) is VariableSymbol variable:
                return Note(_reads, Kernel.Registers.Constant(variable.Address + (ulong)address.Offset, type));
            case NameOperand name when Kernel.Registers.BornAs(name.Name, type) is { } special:
                return Note(_reads, special);
            case NameOperand name:
                return Note(_reads, Check(Register(name.Name), type, exact, Operands.ToList().IndexOf(operand)));
            default:
                throw Opcode.Unknown($"an operand of type {type} was expected, not '{operand}'");
        }
    }

    public Register Write(Operand operand, PtxType type, bool exact) => operand is NameOperand name
        ? Note(_writes, Check(Register(name.Name), type, exact, Operands.ToList().IndexOf(operand)))
        : throw Opcode.Unknown($"a register of type {type} was expected, not '{operand}'");

    // Where dynamic shared memory begins is known once the kernel is decoded.
    private Register Variable(VariableSymbol variable, PtxType type) => Note(_reads, variable.Space == VariableSymbol.DynamicShared
        ? Kernel.Registers.Born(Special.DynamicSharedAddress, type)
        : Kernel.Registers.Constant(variable.Address, type));

    private Register Register(string name) => Kernel.Find(name) is RegisterSymbol symbol
        ? symbol.Register
        : throw new PtxException(Line, $"'{name}' is no register that is known here");

    private Register Check(Register register, PtxType type, bool exact, int operand)
    {
        // Single bytes are computed in registers of two.
        int bytes = type.Bytes == 1 ? 2 : type.Bytes;
        bool fits = type == PtxType.Pred || register.IsPredicate ? register.Bytes == type.Bytes : exact ? register.Bytes == bytes : register.Bytes >= bytes;
        return fits ? register : throw Opcode.Unknown($"operand {operand + 1} has {8 * register.Bytes} bits, not those of {type}");
    }

    private static Register Note(List<Register> list, Register register)
    {
        list.Add(register);
        return register;
    }
}
