using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y = a + b: what joins branches that stand side by side, as a block's attention and feed-forward network may.</summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class Sum<D> where D : IWidth;
