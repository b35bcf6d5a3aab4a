namespace Ist.Ptx.Syntax;

/// <summary>One statement in the body of a function.</summary>
internal abstract record Statement(int Line);
