namespace Ist.Ptx.Syntax;

/// <summary>a|b: two results of one instruction.</summary>
internal sealed record PairOperand(NameOperand First, NameOperand Second) : Operand;
