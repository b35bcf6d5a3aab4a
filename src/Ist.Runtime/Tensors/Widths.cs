namespace Ist.Runtime.Tensors;

/// <summary>The sizes of a model's marker types, in elements.</summary>
public sealed class Widths
{
    private readonly Dictionary<Type, int> _sizes = new() { [typeof(One)] = 1 };

    /// <summary>Gives a marker type its size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public Widths Set<W>(int size) where W : IWidth
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        _sizes[typeof(W)] = size;
        return this;
    }

    /// <summary>The size of a marker type.</summary>
    /// <exception cref="InvalidOperationException">The model's configuration gave it none.</exception>
    public int Of<W>() where W : IWidth =>
        _sizes.TryGetValue(typeof(W), out int size)
            ? size
            : throw new InvalidOperationException(
                $"The width '{typeof(W).Name}' has no size; set it in the model's configuration with Widths.Set<{typeof(W).Name}>().");
}
