namespace Ist.Runtime.Declaring;

/// <summary>
/// Marks a layer type that a PEFT method can adapt, and names the slot that does it. The slot's first type argument is
/// the method, the others are the layer's own. On the attribute that marks a kind of parts it names the slot behind such a part,
/// whose second type argument is the width of what the part gives.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OffersSlotAttribute(Type slot) : Attribute
{
    /// <summary>The open generic slot type.</summary>
    public Type Slot { get; } = slot;
}
