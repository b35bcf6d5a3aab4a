using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Puts what the experts made of a row's copies together again: y = the sum of weight times result over the chosen experts.</summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class Combine<D> where D : IWidth;
