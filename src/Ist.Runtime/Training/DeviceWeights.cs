using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// The frozen base weights in the memory of a device that can't read the host's: one piece, in which each tensor has the precision of its
/// file, or that of the run's products. On the processor they stay in their files.
/// </summary>
public sealed unsafe class DeviceWeights : IDisposable
{
    private const long Alignment = 256;

    private const int PieceFloats = 1 << 18;

    private readonly Device _device;
    private readonly ModelContents _contents;
    private void* _memory;

    /// <summary>Copies a model's weights, where the device needs it.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="contents">The model's weights.</param>
    /// <param name="precision">What factors of products are rounded to.</param>
    /// <exception cref="RunException">The device has not so much memory.</exception>
    public DeviceWeights(Device device, ModelContents contents, Precision precision)
    {
        _device = device;
        _contents = contents;
        if (device.IsHost)
            return;
        Weight[] frozen = [.. contents.Weights.Where(weight => weight.OnHost is not null)];
        _memory = device.Allocate(frozen.Sum(weight => Room(weight, precision)));
        byte* at = (byte*)_memory;
        foreach (Weight weight in frozen)
        {
            DType dtype = weight.DTypeOn(precision);
            if (dtype == weight.StoredDType)
                device.Upload(weight.OnHost, at, weight.StoredBytes);
            else
                UploadNarrowed((float*)weight.OnHost, weight.Count, dtype, at);
            foreach (Weight same in SameAs(weight))
                same.Reside(at, dtype);
            at += Room(weight, precision);
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

    /// <summary>Bytes that a device has of a weight.</summary>
    public static long Bytes(Weight weight, Precision precision) =>
        weight.OnHost is null ? weight.StoredBytes : weight.Count * weight.DTypeOn(precision).BitSize / 8;

    private static long Room(Weight weight, Precision precision) => (Bytes(weight, precision) + Alignment - 1) / Alignment * Alignment;

    private void UploadNarrowed(float* from, long count, DType dtype, byte* to)
    {
        byte[] narrowed = new byte[PieceFloats * dtype.BitSize / 8];
        fixed (byte* piece = narrowed)
        {
            for (long done = 0; done < count; done += PieceFloats)
            {
                int floats = (int)Math.Min(PieceFloats, count - done), bytes = floats * dtype.BitSize / 8;
                FloatConverter.Narrow(new ReadOnlySpan<float>(from + done, floats), dtype, piece);
                _device.Upload(piece, to, bytes);
                to += bytes;
            }
        }
    }

    /// <summary>The weight, and what is tied to it.</summary>
    private IEnumerable<Weight> SameAs(Weight weight) =>
        _contents.Tied.Select(tied => tied.Weight).Where(tied => tied.OnHost == weight.OnHost).Prepend(weight);
}
