namespace Ist.Runtime.Declaring;

/// <summary>Marks the part that a <see cref="Layers.LayerStack{TBlock}"/> repeats: one layer of a transformer.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BlockAttribute : Attribute;
