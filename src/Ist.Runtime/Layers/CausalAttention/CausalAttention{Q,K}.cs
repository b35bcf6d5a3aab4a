using Ist.Runtime.Declaring;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Attention of a decoder: a row sees its own sequence's real tokens up to its position, or the last
/// <see cref="SoftmaxAttention{Q, K}.Window"/> of them (Beltagy et al., arXiv 2004.05150).
/// </summary>
/// <typeparam name="Q">All query heads of a row.</typeparam>
/// <typeparam name="K">All key heads of a row, and all value heads.</typeparam>
[OffersSlot(typeof(AttentionSlot<,,>))]
public sealed class CausalAttention<Q, K> : SoftmaxAttention<Q, K> where Q : IWidth where K : IWidth
{
    /// <summary>Takes the model's head counts and the layer's scale and window.</summary>
    public CausalAttention(Scope scope) : base(scope, isCausal: true)
    {
    }
}
