namespace Ist.Runtime.Peft;

/// <summary>What a method says of any slot that it fills.</summary>
public interface ISlotPeft<TSelf> where TSelf : ISlotPeft<TSelf>
{
    /// <summary>What the slot holds, for people; null when it is empty.</summary>
    static virtual string? Describe(in TSelf self) => null;
}
