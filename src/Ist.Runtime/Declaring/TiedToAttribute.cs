namespace Ist.Runtime.Declaring;

/// <summary>
/// The member shares another member's weight when the checkpoint says so (<c>tie_word_embeddings</c>), and has its own
/// when it does not. The shared weight has one gradient, to which both members add.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TiedToAttribute(string member) : Attribute
{
    /// <summary>The member above whose weight is shared.</summary>
    public string Member { get; } = member;
}
