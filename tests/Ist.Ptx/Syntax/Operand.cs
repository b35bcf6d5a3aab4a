namespace Ist.Ptx.Syntax;

/// <summary>What stands behind an opcode.</summary>
internal abstract record Operand;
