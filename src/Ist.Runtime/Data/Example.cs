namespace Ist.Runtime.Data;
/// <summary>stand-in</summary>
public sealed class Example(int[] tokens, int[] labels)
{
    /// <summary/>
    public int[] Tokens { get; } = tokens;
    /// <summary/>
    public int[] Labels { get; } = labels;
    /// <summary/>
    public int TrainedTokens { get; } = labels.Skip(1).Count(l => l != -100);
}
