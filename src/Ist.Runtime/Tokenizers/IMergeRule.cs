namespace Ist.Runtime.Tokenizers;

/// <summary>Which neighbours merge, in which order, into what.</summary>
internal interface IMergeRule
{
    /// <summary>Whether two neighbours merge.</summary>
    /// <param name="left">The left one.</param>
    /// <param name="right">The right one.</param>
    /// <param name="rank">The lowest merges first; among equals the leftmost.</param>
    /// <param name="id">What they merge into.</param>
    bool TryMerge(in Symbol left, in Symbol right, out int rank, out int id);
}
