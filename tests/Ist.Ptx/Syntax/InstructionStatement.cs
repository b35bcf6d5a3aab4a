namespace Ist.Ptx.Syntax;

/// <summary>@guard opcode.modifiers operands;</summary>
internal sealed record InstructionStatement(int Line, NameOperand? Guard, string Opcode, IReadOnlyList<Operand> Operands) : Statement(Line);
