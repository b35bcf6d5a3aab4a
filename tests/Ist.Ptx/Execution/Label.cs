namespace Ist.Ptx.Execution;

/// <summary>Where a branch leads; known once the whole function is decoded.</summary>
internal sealed class Label(string name, int line)
{
    public string Name { get; } = name;

    /// <summary>Where it was first named.</summary>
    public int Line { get; } = line;

    public int Instruction { get; set; } = -1;
}
