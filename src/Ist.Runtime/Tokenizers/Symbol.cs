namespace Ist.Runtime.Tokenizers;

/// <summary>A token in the making, in a list of neighbours linked by index; -1 ends it.</summary>
internal struct Symbol
{
    /// <summary>Its id; -1 where its text is no token.</summary>
    public int Id;

    /// <summary>Where its text begins, for rules that look at text.</summary>
    public int Start;

    /// <summary>How long it is, in whatever unit makes a merged symbol as long as its parts; 0 once merged into its left neighbour.</summary>
    public int Length;

    /// <summary>The left neighbour.</summary>
    public int Previous;

    /// <summary>The right neighbour.</summary>
    public int Next;
}
