namespace Ist.Runtime.Declaring;

/// <summary>
/// Adds the member's input to its output: y = x + f(x). The member must end at the width it began with.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ResidualAttribute : Attribute;
