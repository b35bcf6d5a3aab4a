using System.Collections.Immutable;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Checkpoints;

/// <summary>Where a tensor lies in a safetensors file.</summary>
public sealed class TensorEntry
{
    internal TensorEntry(string name, DType dtype, ImmutableArray<long> shape, long count, long offset, long byteLength)
    {
        Name = name;
        DType = dtype;
        Shape = shape;
        Count = count;
        Offset = offset;
        ByteLength = byteLength;
    }

    /// <summary>Its key in the file.</summary>
    public string Name { get; }

    /// <summary>The type of its elements.</summary>
    public DType DType { get; }

    /// <summary>Its shape, outermost dimension first; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Its elements: the product of its shape, 1 for a scalar.</summary>
    public long Count { get; }

    /// <summary>Where it begins, in bytes from the beginning of the data part.</summary>
    public long Offset { get; }

    /// <summary>Its length in bytes.</summary>
    public long ByteLength { get; }
}
