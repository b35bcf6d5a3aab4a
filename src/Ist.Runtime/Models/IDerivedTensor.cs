using Ist.Runtime.Devices;

namespace Ist.Runtime.Models;

/// <summary>
/// A tensor of an adapter's file that is computed from parameters which the file lacks (<see cref="Tensors.Parameter.StaysInCheckpoints"/>),
/// as peft saves a prefix that a network made.
/// </summary>
public interface IDerivedTensor
{
    /// <summary>Its name in the file.</summary>
    string Key { get; }

    /// <summary>Its shape, outermost dimension first.</summary>
    IReadOnlyList<long> Shape { get; }

    /// <summary>Computes it from the parameters, on the host.</summary>
    /// <param name="device">Has the parameters.</param>
    /// <param name="values">Receives it, row-major.</param>
    void Write(Device device, Span<float> values);

    /// <summary>Takes a file's values instead of what the parameters make, until the model is laid out anew; none give the parameters back their say.</summary>
    void Hold(ReadOnlySpan<float> values);
}
