using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ist.Runtime.Tensors;

/// <summary>
/// A tensor of the base model. It stays as the checkpoint has it, memory-mapped and in the file's precision, unless the
/// run trains it; then it is a <see cref="Tensors.Parameter"/> in F32.
/// </summary>
public sealed unsafe class Weight
{
    private readonly void* _data;
    private readonly float[]? _owned;

    /// <summary>A frozen tensor.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="dtype">F32, F16 or BF16.</param>
    /// <param name="data">Its values, row-major.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    public Weight(string name, DType dtype, void* data, params long[] shape)
    {
        Name = name;
        DType = dtype;
        _data = data;
        Shape = shape;
    }

    /// <summary>A frozen tensor that lies in an array of its own, in F32.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="pinned">Its values, row-major; allocated pinned.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    public Weight(string name, float[] pinned, IReadOnlyList<long> shape)
    {
        Name = name;
        DType = DType.F32;
        _owned = pinned;
        _data = Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        Shape = shape;
    }

    /// <summary>A tensor that the run trains, in F32.</summary>
    public Weight(Parameter parameter)
    {
        Name = parameter.Key;
        DType = DType.F32;
        Shape = parameter.Shape;
        Parameter = parameter;
    }

    /// <summary>Its name in the checkpoint.</summary>
    public string Name { get; }

    /// <summary>The precision of its elements.</summary>
    public DType DType { get; }

    /// <summary>Its shape, outermost dimension first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>What makes it trainable, or null when it is frozen.</summary>
    public Parameter? Parameter { get; }

    /// <summary>Its values, row-major.</summary>
    public void* Data => Parameter is null ? _data : Parameter.Value;

    /// <summary>Its gradient, or null when nothing trains it.</summary>
    public float* Gradient => Parameter is null ? null : Parameter.Gradient;

    /// <summary>Copies the first values, widened to F32.</summary>
    public void CopyTo(Span<float> values) => FloatConverter.Widen(DType, Data, values);
}
