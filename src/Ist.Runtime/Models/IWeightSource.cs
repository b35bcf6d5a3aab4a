using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>Where a model's base weights come from.</summary>
public interface IWeightSource
{
    /// <summary>The tensor of this name and shape, frozen; null for one that is missing and may begin anew, as a new task's head.</summary>
    /// <exception cref="InputException">It is missing, has another shape or holds a NaN.</exception>
    Weight? Take(string name, ReadOnlySpan<long> shape);
}
