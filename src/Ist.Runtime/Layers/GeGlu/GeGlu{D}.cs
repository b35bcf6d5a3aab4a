using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = gelu(gate) * up (Shazeer, arXiv 2002.05202), with the approximation of gelu that Hugging Face calls <c>gelu_pytorch_tanh</c>:
/// gelu(z) = z / 2 (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) (Hendrycks and Gimpel, arXiv 1606.08415).
/// </summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class GeGlu<D> where D : IWidth;
