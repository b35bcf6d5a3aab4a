using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y = f(x), element by element, with the function that the model's configuration names.</summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class Activation<D> where D : IWidth
{
    /// <summary>Takes the model's function.</summary>
    public Activation(Scope scope) => Function = scope.Options<ActivationOptions>().Function;

    /// <summary>f.</summary>
    public ActivationFunction Function { get; }
}
