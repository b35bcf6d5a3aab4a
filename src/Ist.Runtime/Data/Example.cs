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

    /// <summary>Takes a text that has one label as a whole.</summary>
    /// <param name="tokens">The ids.</param>
    /// <param name="label">The label's number, or <see cref="Ignored"/>.</param>
    /// <param name="tokenTypes">The segment of each token of a pair of texts; empty where there is one text.</param>
    /// <param name="isCut">Whether the text was longer.</param>
    public Example(int[] tokens, int label, int[] tokenTypes, bool isCut = false)
    {
        if (tokenTypes.Length > 0)
            ArgumentOutOfRangeException.ThrowIfNotEqual(tokenTypes.Length, tokens.Length);
        Tokens = tokens;
        Labels = [];
        Class = label;
        TokenTypes = tokenTypes;
        IsCut = isCut;
        TrainedTokens = label == Ignored ? 0 : 1;
    }

    /// <summary>The ids.</summary>
    public int[] Tokens { get; }

    /// <summary>For each token its own id, or <see cref="Ignored"/>: not shifted. Empty where the text has one label as a whole.</summary>
    public int[] Labels { get; }

    /// <summary>The label of the text as a whole, or <see cref="Ignored"/>.</summary>
    public int Class { get; } = Ignored;

    /// <summary>The segment of each token (<c>token_type_ids</c>); empty for 0 everywhere.</summary>
    public int[] TokenTypes { get; } = [];

    /// <summary>Whether the text was longer than an example may be.</summary>
    public bool IsCut { get; }

    /// <summary>
    /// The tokens that are predicted and trained; the first one never is, since nothing stands before it. 1 where it is the label of the
    /// whole that is predicted.
    /// </summary>
    public int TrainedTokens { get; }
}
