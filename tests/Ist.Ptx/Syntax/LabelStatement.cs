namespace Ist.Ptx.Syntax;

/// <summary>A label, alone or with the targets of an indexed branch (.branchtargets).</summary>
internal sealed record LabelStatement(int Line, string Name, IReadOnlyList<string>? Targets = null) : Statement(Line);
