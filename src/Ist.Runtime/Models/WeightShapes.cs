using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>Weights without values, for a model that is only planned with and whose checkpoint is not there.</summary>
/// <param name="dtype">The precision that the checkpoint is kept in.</param>
public sealed class WeightShapes(DType dtype) : IWeightSource
{
    /// <inheritdoc/>
    public unsafe Weight Take(string name, ReadOnlySpan<long> shape) => new(name, dtype, null, shape.ToArray());
}
