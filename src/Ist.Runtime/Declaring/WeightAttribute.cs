namespace Ist.Runtime.Declaring;

/// <summary>
/// Names a member in the checkpoint. Names join with dots from the outside in: <c>model.layers</c>, the layer's number,
/// <c>mlp.gate_proj</c>; the member's layer adds <c>weight</c> (and <c>bias</c>). A layer that is one of several alike puts their
/// numbers in place of <c>*</c>: <c>experts.*.w1</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WeightAttribute(string name) : Attribute
{
    /// <summary>The member's name in the checkpoint, relative to the part that holds it.</summary>
    public string Name { get; } = name;
}
