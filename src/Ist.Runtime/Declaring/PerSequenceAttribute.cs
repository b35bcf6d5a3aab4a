namespace Ist.Runtime.Declaring;

/// <summary>
/// Marks a result of a layer's <c>Forward</c> that has a row for each sequence of the batch, where the inputs have one for each
/// token: a pooler's. Members that read it work on such rows too.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PerSequenceAttribute : Attribute;
