namespace Ist.Runtime.Data;

/// <summary>Positions that a PEFT method puts before each sequence, and that hold no token of it.</summary>
/// <param name="Prefix">Positions that have keys and values alone, as a cache would (prefix tuning): the first token's position is theirs and one more.</param>
/// <param name="Prompt">Positions that have rows of the batch, in front of the first real token (prompt tuning).</param>
public readonly record struct VirtualTokens(int Prefix, int Prompt)
{
    /// <summary>All of them.</summary>
    public int Count => Prefix + Prompt;
}
