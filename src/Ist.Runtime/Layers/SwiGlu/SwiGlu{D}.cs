using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y = silu(gate) * up, silu(z) = z / (1 + e^-z) (Shazeer, arXiv 2002.05202).</summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class SwiGlu<D> where D : IWidth;
