using Ist.Runtime.Tensors;

namespace Ist.Testing.Tests;

/// <summary>y = x^3, with a derivative that a test makes wrong.</summary>
public sealed class Cube<D> where D : IWidth
{
    /// <summary>What the derivative is multiplied by.</summary>
    public float Factor { get; set; } = 1;
}
