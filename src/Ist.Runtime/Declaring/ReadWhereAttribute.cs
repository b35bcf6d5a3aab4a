namespace Ist.Runtime.Declaring;

/// <summary>
/// Marks an input of a backward method that is not read in every model: a layer reads it for the gradient of its weight alone, which
/// may be frozen. Where nothing reads a value in the backward pass, it is not kept for it.
/// </summary>
/// <param name="property">
/// The property of the layer or slot that says whether it is read. In layers of a stack that share buffers it must be true if it is
/// so in any of them.
/// </param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ReadWhereAttribute(string property) : Attribute
{
    /// <summary>The property's name.</summary>
    public string Property { get; } = property;
}
