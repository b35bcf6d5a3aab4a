namespace Ist.Runtime.Data;
/// <summary>stand-in</summary>
public sealed class DataSet(IReadOnlyList<Example> examples)
{
    /// <summary/>
    public IReadOnlyList<Example> Examples { get; } = examples;
    /// <summary/>
    public int Longest { get; } = examples.Max(e => e.Tokens.Length);
}
