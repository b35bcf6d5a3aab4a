namespace Ist.Runtime.Tensors;

/// <summary>A width that the layer or slot that uses it says itself (<see cref="Declaring.SavedAttribute.Width"/>).</summary>
public abstract class Own : IWidth;
