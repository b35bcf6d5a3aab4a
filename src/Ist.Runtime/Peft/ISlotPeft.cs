namespace Ist.Runtime.Peft;

/// <summary>What a method says of any slot that it fills.</summary>
public interface ISlotPeft<TSelf> where TSelf : ISlotPeft<TSelf>
{
    /// <summary>Whether its adapters can be folded into the weights of what they adapt.</summary>
    static virtual bool Merges => true;

    /// <summary>What the slot holds, for people; null when it is empty.</summary>
    static virtual string? Describe(in TSelf self) => null;
}
