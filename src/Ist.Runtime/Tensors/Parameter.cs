namespace Ist.Runtime.Tensors;

/// <summary>
/// A tensor that training changes: its values and, while training, its gradient, both F32. Its memory is bound when the
/// run's arena is laid out; until then it is a name and a shape.
/// </summary>
public sealed unsafe class Parameter(string key, int layer, Initial initial, params long[] shape)
{
    /// <summary>Its name in the file that it is saved to.</summary>
    public string Key { get; } = key;

    /// <summary>The layer that it belongs to, or -1 when it stands outside the stack.</summary>
    public int Layer { get; } = layer;

    /// <summary>How it begins when no file gives its values.</summary>
    public Initial Initial { get; } = initial;

    /// <summary>The deviation of <see cref="Initial.Normal"/> (<c>initializer_range</c>).</summary>
    public float Deviation { get; init; } = 0.02f;

    /// <summary>Writes the values that it begins with, instead of <see cref="Initial"/>: a checkpoint's, or what follows from one; null for none.</summary>
    public Action<Span<float>>? Start { get; init; }

    /// <summary>Writes the values that it begins with by the run's seed, instead of <see cref="Initial"/>; null for none.</summary>
    public Action<Span<float>, ulong>? Draw { get; init; }

    /// <summary>The bound of <see cref="Initial.KaimingUniform"/>; null for 1 / sqrt(columns), which a bias has of its weight.</summary>
    public double? Bound { get; init; }

    /// <summary>The tensor of a file that it is a part of; null where it is one by itself.</summary>
    public TensorSlice? Slice { get; init; }

    /// <summary>Whether adapters are saved without it: what it makes is saved instead (<see cref="Models.IDerivedTensor"/>).</summary>
    public bool StaysInCheckpoints { get; init; }

    /// <summary>Whether a file may lack it; it then stays as it begins.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Its shape, outermost dimension first.</summary>
    public IReadOnlyList<long> Shape { get; private set; } = shape;

    /// <summary>Elements in all.</summary>
    public long Count { get; private set; } = Elements(shape);

    /// <summary>The values.</summary>
    public float* Value { get; private set; }

    /// <summary>The gradient, which every backward pass adds to; null when the run does not train.</summary>
    public float* Gradient { get; private set; }

    /// <summary>Makes each dimension at least as large as another shape's. It has no memory yet.</summary>
    internal void Cover(long[] other)
    {
        Shape = [.. Shape.Zip(other, Math.Max)];
        Count = Elements(Shape);
    }

    /// <summary>Gives the parameter its memory.</summary>
    public void Bind(float* value, float* gradient)
    {
        Value = value;
        Gradient = gradient;
    }

    private static long Elements(IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);
}
