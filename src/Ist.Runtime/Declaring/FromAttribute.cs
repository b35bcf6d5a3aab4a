namespace Ist.Runtime.Declaring;

/// <summary>
/// Says what a member reads, in the order of its layer's inputs: members above it, or <see cref="Part.Input"/>. A member that
/// gives several values is followed by a dot and the result: <c>[From("Split.Query")]</c>.
/// Without it a member reads the one above it, and the first one reads the part's input.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FromAttribute(params string[] members) : Attribute
{
    /// <summary>The names of the values read.</summary>
    public IReadOnlyList<string> Members { get; } = members;
}
