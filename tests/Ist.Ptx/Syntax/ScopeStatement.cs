namespace Ist.Ptx.Syntax;

/// <summary>A brace: names that are declared within end with it.</summary>
internal sealed record ScopeStatement(int Line, bool Opens) : Statement(Line);
