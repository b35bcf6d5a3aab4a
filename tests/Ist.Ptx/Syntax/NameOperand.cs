namespace Ist.Ptx.Syntax;

/// <summary>A register, a label, a variable or a function by name; '!' before a predicate negates it.</summary>
internal sealed record NameOperand(string Name, bool Negated = false) : Operand;
