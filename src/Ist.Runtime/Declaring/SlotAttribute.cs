namespace Ist.Runtime.Declaring;

/// <summary>
/// Opens a member to the part's PEFT method: the slot runs the member and adds what the method makes of it. Only on a
/// member whose layer offers a slot (<see cref="OffersSlotAttribute"/>).
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SlotAttribute : Attribute;
