namespace Ist.Runtime.Generation;

/// <summary>How a text is continued, with Hugging Face's names and meanings.</summary>
public sealed record GenerationOptions
{
    /// <summary>Tokens at most that are added.</summary>
    public int MaxNewTokens { get; init; } = 128;

    /// <summary>Logits are divided by it before a token is drawn; 0 always takes the likeliest token.</summary>
    public double Temperature { get; init; }

    /// <summary>Only so many of the likeliest tokens may be drawn; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Only the likeliest tokens that together reach this probability may be drawn; 1 for all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Decides the draws.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Tokens that end a text (<c>eos_token_id</c>).</summary>
    public IReadOnlyCollection<int> EosIds { get; init; } = [];

    /// <summary>Refuses numbers that mean nothing.</summary>
    /// <exception cref="InputException">Names the option and its range.</exception>
    public void Check()
    {
        Require(MaxNewTokens >= 1, "max-new-tokens", MaxNewTokens, "1 or more");
        Require(Temperature >= 0 && double.IsFinite(Temperature), "temperature", Temperature, "0 or more");
        Require(TopK >= 0, "top-k", TopK, "0 or more");
        Require(TopP is > 0 and <= 1, "top-p", TopP, "more than 0, at most 1");
    }

    private static void Require(bool holds, string option, double value, string expected)
    {
        if (!holds)
            throw new InputException(FormattableString.Invariant($"{option} is {value}; give {expected}."));
    }
}
