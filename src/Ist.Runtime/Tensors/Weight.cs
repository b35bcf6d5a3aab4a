using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ist.Runtime.Devices;

namespace Ist.Runtime.Tensors;

/// <summary>
/// A tensor of the base model. It stays as the checkpoint has it, memory-mapped and in the file's precision, unless the
/// run trains it; then it is a <see cref="Tensors.Parameter"/> in F32.
/// </summary>
public sealed unsafe class Weight
{
    private void* _data;
    private DType _dtype;
    private void* _resident;
    private DType _residentDType;
    private float[]? _owned;
    private Weight? _stored;

    /// <summary>A frozen tensor.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="dtype">F32, F16 or BF16.</param>
    /// <param name="data">Its values, row-major.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    public Weight(string name, DType dtype, void* data, params long[] shape)
    {
        Name = name;
        _dtype = dtype;
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
        Shape = shape;
        Become(pinned);
    }

    /// <summary>A tensor whose values are a parameter's, in F32.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="parameter">The parameter. Where its key is the tensor's name, it is the model's own; else a copy of an adapter.</param>
    /// <param name="stored">What the checkpoint has; null where it begins at random.</param>
    public Weight(string name, Parameter parameter, Weight? stored)
    {
        Name = name;
        _dtype = DType.F32;
        Shape = parameter.Shape;
        Parameter = parameter;
        _stored = stored;
    }

    /// <summary>Its name in the checkpoint.</summary>
    public string Name { get; }

    /// <summary>The precision of <see cref="Data"/>.</summary>
    public DType DType => _resident is not null ? _residentDType : _dtype;

    /// <summary>Its shape, outermost dimension first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>What has its values, or null when they lie in the checkpoint's file.</summary>
    public Parameter? Parameter { get; private set; }

    /// <summary>Its values, row-major, where kernels read them: in the memory of the run's device.</summary>
    public void* Data => Parameter is not null ? Parameter.Value : _resident is not null ? _resident : _data;

    /// <summary>Its gradient, or null when nothing trains it.</summary>
    public float* Gradient => Parameter is null ? null : Parameter.Gradient;

    /// <summary>The precision that the checkpoint has it in.</summary>
    public DType StoredDType => _stored?.StoredDType ?? _dtype;

    /// <summary>Elements in all.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Bytes of what the checkpoint's file has of it, also where a parameter has its values; 0 where it begins at random.</summary>
    public long StoredBytes => Parameter is null ? Count * _dtype.BitSize / 8 : _stored?.StoredBytes ?? 0;

    /// <summary>Copies the first values, widened to F32.</summary>
    public void CopyTo(Span<float> values) => FloatConverter.Widen(_dtype, Parameter is null ? _data : Parameter.Value, values);

    /// <summary>The same tensor under another name. What is tied shares the model's own values, and none that an adapter has a copy of.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    public Weight Tied(string name)
    {
        if (Parameter is not null && Parameter.Key != Name)
            return _stored!.Tied(name);
        return Parameter is not null
            ? new Weight(name, Parameter, _stored)
            : new Weight(name, _dtype, _data, [.. Shape]) { _owned = _owned };
    }

    /// <summary>Replaces the values by changed copies in F32, which nothing trains.</summary>
    /// <param name="change">Changes them in place, row-major.</param>
    public void Rewrite(Action<Span<float>> change)
    {
        float[] values = Widened();
        change(values);
        Become(values);
    }

    /// <summary>The values widened to F32, in an array that does not move.</summary>
    internal float[] Widened()
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)Count), pinned: true);
        CopyTo(values);
        return values;
    }

    /// <summary>Its values on the host; null where a parameter has them.</summary>
    internal void* OnHost => Parameter is null ? _data : null;

    /// <summary>What the checkpoint has of it, in <see cref="StoredDType"/> and on the host; null where it begins at random.</summary>
    internal void* StoredOnHost => Parameter is null ? _data : _stored is null ? null : _stored.StoredOnHost;

    /// <summary>Says where a device that the host can't read has a copy of the values; null once it has none.</summary>
    internal void Reside(void* copy) => Reside(copy, _dtype);

    /// <summary>The same of a copy in a precision of its own.</summary>
    internal void Reside(void* copy, DType dtype)
    {
        _resident = copy;
        _residentDType = dtype;
    }

    /// <summary>
    /// The precision in which a device has it whose products have this one: BF16 needs no more of matrices that are F32, while norms and biases stay as
    /// they are.
    /// </summary>
    internal DType DTypeOn(Precision precision) =>
        precision == Precision.BF16 && _dtype == DType.F32 && Parameter is null && Shape.Count > 1 ? DType.BF16 : _dtype;

    /// <summary>Takes the values of a pinned array instead of its own.</summary>
    internal void Become(float[] pinned)
    {
        _owned = pinned;
        _data = Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        _dtype = DType.F32;
        Parameter = null;
    }
}
