using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = sqrt(D) x, as the Transformer scales its embeddings (Vaswani et al., arXiv 1706.03762, section 3.4). The factor is rounded to
/// F32, the precision of the activations, as Hugging Face's Gemma does.
/// </summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class EmbeddingScale<D> where D : IWidth
{
    /// <summary>Takes the factor from the width.</summary>
    public EmbeddingScale(Scope scope) => Factor = (float)Math.Sqrt(scope.Width<D>());

    /// <summary>sqrt(D).</summary>
    public float Factor { get; }
}
