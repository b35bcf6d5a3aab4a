namespace Ist.Runtime.Declaring;

/// <summary>
/// Marks a parameter of a layer's <c>Forward</c> that the layer writes for its own backward pass, as a norm writes the
/// reciprocal deviation of each row. The backward methods take it by the same name; a parameter named <c>d</c> and that
/// name is scratch of the same shape.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SavedAttribute : Attribute
{
    /// <summary>
    /// The property of the layer or slot that says how wide a row is; without it the width is that of the parameter's
    /// marker type.
    /// </summary>
    public string? Width { get; set; }
}
