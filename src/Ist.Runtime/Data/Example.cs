namespace Ist.Runtime.Data;

/// <summary>A tokenised text with what is to be learnt of it.</summary>
public sealed class Example
{
    /// <summary>The label of a token that is not trained, as in PyTorch's cross-entropy and Hugging Face's data sets.</summary>
    public const int Ignored = -100;

    /// <summary>Takes the tokens and their labels, which are kept and not copied.</summary>
    /// <param name="tokens">The ids.</param>
    /// <param name="labels">For each token its own id, or <see cref="Ignored"/>: not shifted.</param>
    /// <param name="isCut">Whether the text was longer.</param>
    public Example(int[] tokens, int[] labels, bool isCut = false)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, tokens.Length);
        Tokens = tokens;
        Labels = labels;
        IsCut = isCut;
        for (int t = 1; t < labels.Length; t++)
            TrainedTokens += labels[t] == Ignored ? 0 : 1;
    }

    /// <summary>The ids.</summary>
    public int[] Tokens { get; }

    /// <summary>For each token its own id, or <see cref="Ignored"/>: not shifted.</summary>
    public int[] Labels { get; }

    /// <summary>Whether the text was longer than an example may be.</summary>
    public bool IsCut { get; }

    /// <summary>The tokens that are predicted and trained. The first one never is: nothing stands before it.</summary>
    public int TrainedTokens { get; }
}
