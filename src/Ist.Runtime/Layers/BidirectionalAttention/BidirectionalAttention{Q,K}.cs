using Ist.Runtime.Declaring;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Attention of an encoder: a row sees all real tokens of its own sequence.</summary>
/// <typeparam name="Q">All query heads of a row.</typeparam>
/// <typeparam name="K">All key heads of a row, and all value heads.</typeparam>
[OffersSlot(typeof(AttentionSlot<,,>))]
public sealed class BidirectionalAttention<Q, K> : SoftmaxAttention<Q, K> where Q : IWidth where K : IWidth
{
    /// <summary>Takes the model's head counts and the layer's scale.</summary>
    /// <exception cref="InvalidOperationException">The options give the layer a window.</exception>
    public BidirectionalAttention(Scope scope) : base(scope, isCausal: false)
    {
    }
}
