namespace Ist.Ptx.Syntax;

/// <summary>{a, b, c, d}, a vector of registers, or (a, b), the arguments of a call.</summary>
internal sealed record ListOperand(IReadOnlyList<Operand> Items) : Operand;
