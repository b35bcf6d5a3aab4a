namespace Ist.Runtime.Declaring;

/// <summary>
/// The stack can be trained with gradient checkpointing (Chen et al., arXiv 1604.06174): its layers then keep their input alone, and
/// the backward pass runs the forward pass of each layer again, with the same bits. Whether a run does so is its choice
/// (<see cref="Devices.KeptLayers.Recomputed"/>, <c>--gradient-checkpointing</c>).
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CheckpointedAttribute : Attribute;
