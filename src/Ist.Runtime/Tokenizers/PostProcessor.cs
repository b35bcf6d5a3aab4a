namespace Ist.Runtime.Tokenizers;

/// <summary>The ids put before and after those of a text.</summary>
internal sealed record PostProcessor(int[] Prefix, int[] Suffix)
{
    /// <summary>Adds nothing.</summary>
    public static PostProcessor None { get; } = new([], []);
}
