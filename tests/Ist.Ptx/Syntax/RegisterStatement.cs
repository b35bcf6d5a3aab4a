namespace Ist.Ptx.Syntax;

/// <summary>.reg .type name; or name&lt;count&gt;, which declares name0 to name(count - 1).</summary>
internal sealed record RegisterStatement(int Line, PtxType Type, string Name, int? Count) : Statement(Line);
