namespace Ist.Ptx.Syntax;

/// <summary>A module as it was written.</summary>
internal sealed record ModuleSyntax(string[] Lines, string Target, IReadOnlyList<VariableStatement> Variables, IReadOnlyDictionary<string, Function> Functions);
