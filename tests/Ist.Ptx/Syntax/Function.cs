namespace Ist.Ptx.Syntax;

/// <summary>A kernel (.entry) or a device function (.func).</summary>
internal sealed record Function(
    int Line,
    string Name,
    bool IsKernel,
    IReadOnlyList<VariableStatement> Results,
    IReadOnlyList<VariableStatement> Parameters,
    IReadOnlyList<Statement> Body,
    Index3? MaxThreads);
