namespace Ist.Runtime.Tokenizers;

/// <summary>What becomes of the matches where a text is split. Source: Hugging Face tokenizers, <c>SplitDelimiterBehavior</c>.</summary>
internal enum SplitBehavior
{
    /// <summary>They are left out.</summary>
    Removed,

    /// <summary>Each is a piece of its own.</summary>
    Isolated,

    /// <summary>Each ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>Each begins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Adjacent ones are a piece together.</summary>
    Contiguous,
}
