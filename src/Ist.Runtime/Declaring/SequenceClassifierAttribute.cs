namespace Ist.Runtime.Declaring;

/// <summary>
/// Marks a whole classifier: token ids in, one row of logits per sequence out. The generated part also implements
/// <see cref="Models.ISequenceClassifier"/>, so that a trainer can drive it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SequenceClassifierAttribute : Attribute;
