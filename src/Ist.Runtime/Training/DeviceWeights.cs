using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// The frozen base weights in the memory of a device that can't read the host's: one piece, in which each tensor has the precision of its
/// file. On the processor they stay in their files.
/// </summary>
internal sealed unsafe class DeviceWeights : IDisposable
{
    private const long Alignment = 256;

    private readonly Device _device;
    private readonly ModelContents _contents;
    private void* _memory;

    /// <summary>Copies a model's weights, where the device needs it.</summary>
    /// <exception cref="RunException">The device has not so much memory.</exception>
    public DeviceWeights(Device device, ModelContents contents)
    {
        _device = device;
        _contents = contents;
        if (device.IsHost)
            return;
        Weight[] frozen = [.. contents.Weights.Where(weight => weight.OnHost is not null)];
        _memory = device.Allocate(frozen.Sum(Bytes));
        byte* at = (byte*)_memory;
        foreach (Weight weight in frozen)
        {
            device.Upload(weight.OnHost, at, weight.StoredBytes);
            foreach (Weight same in SameAs(weight))
                same.Reside(at);
            at += Bytes(weight);
        }
    }

    /// <summary>Gives the memory back; the weights are read on the host again.</summary>
    public void Dispose()
    {
        if (_memory is null)
            return;
        foreach (Weight weight in _contents.Weights.Concat(_contents.Tied.Select(tied => tied.Weight)))
            weight.Reside(null);
        _device.Free(_memory);
        _memory = null;
    }

    private static long Bytes(Weight weight) => (weight.StoredBytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>The weight, and what is tied to it.</summary>
    private IEnumerable<Weight> SameAs(Weight weight) =>
        _contents.Tied.Select(tied => tied.Weight).Where(tied => tied.OnHost == weight.OnHost).Prepend(weight);
}
