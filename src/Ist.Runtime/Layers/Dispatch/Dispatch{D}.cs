using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Copies each row for every expert that it goes to; the copies stand grouped by expert.</summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class Dispatch<D> where D : IWidth;
