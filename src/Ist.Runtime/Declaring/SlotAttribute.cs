namespace Ist.Runtime.Declaring;

/// <summary>
/// Opens a member to the part's PEFT method. On a layer the slot runs the layer and adds what the method makes of it; the layer must
/// offer a slot (<see cref="OffersSlotAttribute"/>). On a branch the slot stands behind it, before what it gives is added to the
/// residual stream.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SlotAttribute : Attribute
{
    /// <summary>Opens a layer, whose slot bears its name in the checkpoint.</summary>
    public SlotAttribute()
    {
    }

    /// <summary>Opens a branch.</summary>
    /// <param name="name">The slot's name in an adapter's file, relative to the part's.</param>
    public SlotAttribute(string name) => Name = name;

    /// <summary>The name of a branch's slot in an adapter's file.</summary>
    public string? Name { get; }

    /// <summary>
    /// The value that what the branch gives is added to: a member above it, or <see cref="Part.Input"/>. Needed where another member
    /// adds them; with <see cref="ResidualAttribute"/> it is the branch's own input.
    /// </summary>
    public string? To { get; set; }

    /// <summary>The member that normalises the sum, where one does: some methods look at the sum as the next branch will.</summary>
    public string? Norm { get; set; }
}
