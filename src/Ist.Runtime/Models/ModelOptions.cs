using System.Diagnostics.CodeAnalysis;

namespace Ist.Runtime.Models;

/// <summary>
/// The numbers that layers need beside widths, by layer: a model's configuration puts one record for each kind of layer
/// (<c>RmsNormOptions</c>, <c>RotaryOptions</c>), and the layer takes its own.
/// </summary>
public sealed class ModelOptions
{
    private readonly Dictionary<Type, object> _options = [];

    /// <summary>Puts a record.</summary>
    public ModelOptions Set<T>(T options) where T : class
    {
        _options[typeof(T)] = options;
        return this;
    }

    /// <summary>The record of this type.</summary>
    /// <exception cref="InvalidOperationException">The model's configuration has none.</exception>
    public T Of<T>() where T : class =>
        TryGet(out T? options)
            ? options
            : throw new InvalidOperationException($"The model's configuration has no {typeof(T).Name}; add it with ModelOptions.Set.");

    /// <summary>The record of this type, if there is one.</summary>
    public bool TryGet<T>([NotNullWhen(true)] out T? options) where T : class
    {
        options = _options.GetValueOrDefault(typeof(T)) as T;
        return options is not null;
    }
}
