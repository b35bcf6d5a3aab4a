namespace Ist.Runtime.Declaring;

/// <summary>
/// From this layer of a <see cref="CausalLmAttribute"/> model on, rows are worked on in tiles, from the value that the first layer reads
/// to the loss and back to the gradient by that value. So logits and their gradients have the rows of a tile
/// (<see cref="Devices.Tiles"/>), never those of a batch, and generation computes those of its last token alone. The layer, and all that
/// follow it, must compute each row from that row alone, as a head does and attention does not.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TiledAttribute : Attribute;
