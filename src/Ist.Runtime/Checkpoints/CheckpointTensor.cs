using System.Collections.Immutable;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Checkpoints;

/// <summary>A tensor of an open checkpoint or adapter folder, in the file's precision. Valid until the folder is disposed.</summary>
public sealed unsafe class CheckpointTensor
{
    private readonly SafeTensorsFile _file;
    private readonly TensorEntry _entry;

    internal CheckpointTensor(SafeTensorsFile file, TensorEntry entry)
    {
        _file = file;
        _entry = entry;
    }

    /// <summary>Its name in the file.</summary>
    public string Name => _entry.Name;

    /// <summary>The file that holds it.</summary>
    public string File => _file.Path;

    /// <summary>The type of its elements.</summary>
    public DType DType => _entry.DType;

    /// <summary>Its shape, outermost dimension first.</summary>
    public ImmutableArray<long> Shape => _entry.Shape;

    /// <summary>Its elements.</summary>
    public long Count => _entry.Count;

    /// <summary>Its length in bytes.</summary>
    public long ByteLength => _entry.ByteLength;

    /// <summary>Its first byte; it may lie unaligned.</summary>
    public byte* Pointer => _file.Pointer(_entry);

    /// <summary>Copies its elements, row-major, widened to F32.</summary>
    /// <exception cref="InputException">It is neither F32, F16, BF16 nor F64.</exception>
    public void CopyTo(Span<float> destination) => _file.CopyTo(_entry, destination);

    /// <summary>Copies its elements, row-major.</summary>
    /// <exception cref="InputException">It is neither I64 nor I32.</exception>
    public void CopyTo(Span<long> destination) => _file.CopyTo(_entry, destination);

    /// <summary>Whether it holds a NaN or an infinity. Reads all of it.</summary>
    public bool ContainsNonFinite() => NonFinite.IndexOf(DType, Pointer, Count) >= 0;

    /// <summary>Refuses a tensor with a NaN or an infinity.</summary>
    /// <exception cref="InputException">Names the file, the tensor and the first such element.</exception>
    public void RequireFinite()
    {
        long index = NonFinite.IndexOf(DType, Pointer, Count);
        if (index >= 0)
            throw new InputException($"{File}: tensor {OneLine.Quote(Name)} holds a NaN or infinity at element {index} of {Count}; the checkpoint is damaged, fetch or train it again");
    }
}
