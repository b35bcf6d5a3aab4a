namespace Ist.Runtime.Declaring;

/// <summary>Names that every part knows.</summary>
public static class Part
{
    /// <summary>What the part was given, as a source for <see cref="FromAttribute"/>.</summary>
    public const string Input = nameof(Input);
}
