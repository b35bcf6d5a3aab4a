namespace Ist.Runtime.Declaring;

/// <summary>
/// Marks a whole decoder: token ids in, one row of logits per token out. The generated part also implements
/// <see cref="Models.ICausalLm"/>, so that a trainer can drive it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CausalLmAttribute : Attribute;
