using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y = tanh(x), element by element, whatever the activation function is that the configuration names.</summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class Tanh<D> where D : IWidth;
