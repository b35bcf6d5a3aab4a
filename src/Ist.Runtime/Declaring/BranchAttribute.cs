using Ist.Runtime.Peft;

namespace Ist.Runtime.Declaring;

/// <summary>Marks a part inside a block: attention, a feed-forward network, or any chain of layers.</summary>
[OffersSlot(typeof(BranchSlot<,>))]
[AttributeUsage(AttributeTargets.Class)]
public sealed class BranchAttribute : Attribute;
