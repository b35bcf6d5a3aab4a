namespace Ist.Runtime.Data;

/// <summary>Examples and what a run reports about them.</summary>
public sealed class DataSet
{
    /// <summary>Takes the examples and counts.</summary>
    /// <param name="examples">The examples, which are kept and not copied.</param>
    /// <param name="isContiguous">Whether they are consecutive windows of one text.</param>
    public DataSet(IReadOnlyList<Example> examples, bool isContiguous = false)
    {
        Examples = examples;
        IsContiguous = isContiguous;
        foreach (Example example in examples)
        {
            Tokens += example.Tokens.Length;
            TrainedTokens += example.TrainedTokens;
            Cut += example.IsCut ? 1 : 0;
            Longest = Math.Max(Longest, example.Tokens.Length);
        }
    }

    /// <summary>The examples.</summary>
    public IReadOnlyList<Example> Examples { get; }

    /// <summary>Whether the examples are consecutive windows of one text, of which the last ones are held out.</summary>
    public bool IsContiguous { get; }

    /// <summary>The number of examples.</summary>
    public int Rows => Examples.Count;

    /// <summary>The tokens of all examples.</summary>
    public long Tokens { get; }

    /// <summary>The trained tokens of all examples.</summary>
    public long TrainedTokens { get; }

    /// <summary>The examples whose end was cut off, and with it their EOS.</summary>
    public int Cut { get; }

    /// <summary>The tokens of the longest example.</summary>
    public int Longest { get; }
}
