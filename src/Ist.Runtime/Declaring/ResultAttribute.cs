namespace Ist.Runtime.Declaring;

/// <summary>Marks the parameter of a layer's <c>Forward</c> that the layer writes its output to.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ResultAttribute : Attribute;
