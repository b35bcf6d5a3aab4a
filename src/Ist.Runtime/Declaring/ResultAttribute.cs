namespace Ist.Runtime.Declaring;

/// <summary>
/// Marks the parameter of a layer's <c>Forward</c> that the layer writes its output to. A layer that has several, as one that
/// splits a fused projection, gives several values; members read one by its name, <c>[From("Split.Query")]</c> for the
/// result <c>query</c> of the member <c>Split</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ResultAttribute : Attribute;
