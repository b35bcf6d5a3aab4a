namespace Ist.Ptx.Syntax;

/// <summary>[name + offset] in bytes; no name is an address of its own.</summary>
internal sealed record AddressOperand(string? Name, long Offset) : Operand;
