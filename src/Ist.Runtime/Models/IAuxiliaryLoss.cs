namespace Ist.Runtime.Models;

/// <summary>
/// A term that a part of the model adds to the loss of its predictions. It adds its own gradient in the backward pass, multiplied by
/// <see cref="Devices.Run.AuxiliaryWeight"/>.
/// </summary>
public interface IAuxiliaryLoss
{
    /// <summary>Its value in the last forward pass, in nats.</summary>
    double Value { get; }
}
