namespace Ist.Ptx.Syntax;

/// <summary>A variable in a state space; <paramref name="Bytes"/> is null for an array without a size, which is dynamic shared memory.</summary>
internal sealed record VariableStatement(int Line, string Space, string Name, int Align, int? Bytes, byte[]? Initial) : Statement(Line);
