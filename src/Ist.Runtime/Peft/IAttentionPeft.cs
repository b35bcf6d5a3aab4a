using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// What a method does in the slot of an attention layer, which it runs: it can give the host keys and values beside those of the
/// batch. An empty slot is the host's own call.
/// </summary>
public interface IAttentionPeft<TSelf> : ISlotPeft<TSelf> where TSelf : IAttentionPeft<TSelf>
{
    /// <summary>Makes the adapter of one slot, or an empty one.</summary>
    static virtual TSelf CreateAttention<Q, K>(Scope scope, SoftmaxAttention<Q, K> host) where Q : IWidth where K : IWidth => default!;

    /// <summary>y = the adapted host of q, k and v.</summary>
    static virtual void Forward<Q, K>(
        Run run, Act<Q> y, Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v, in TSelf self, SoftmaxAttention<Q, K> host)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Forward(run, y, lse, q, k, v, host);

    /// <summary>dq, dk and dv = or += the gradients by q, k and v, and adds the adapter's gradients.</summary>
    /// <param name="run">The run.</param>
    /// <param name="into">Whether dq, dk and dv are set or added to.</param>
    /// <param name="dq">The gradient by the queries.</param>
    /// <param name="dk">The gradient by the keys.</param>
    /// <param name="dv">The gradient by the values.</param>
    /// <param name="dy">The gradient by the output; it is left as it is.</param>
    /// <param name="y">The output.</param>
    /// <param name="q">The queries.</param>
    /// <param name="k">The keys.</param>
    /// <param name="v">The values.</param>
    /// <param name="lse">What the forward pass left.</param>
    /// <param name="dlse">Scratch of the same shape.</param>
    /// <param name="self">The adapter.</param>
    /// <param name="host">The adapted layer.</param>
    static virtual void Backward<Q, K>(
        Run run, Into into, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        in TSelf self, SoftmaxAttention<Q, K> host)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Backward(run, into, dq, dk, dv, dy, y, q, k, v, lse, dlse, host);

    /// <summary>As <c>Backward</c>, and no adapter gradients: the layer is not trained in this step.</summary>
    /// <param name="run">The run.</param>
    /// <param name="into">Whether dq, dk and dv are set or added to.</param>
    /// <param name="dq">The gradient by the queries.</param>
    /// <param name="dk">The gradient by the keys.</param>
    /// <param name="dv">The gradient by the values.</param>
    /// <param name="dy">The gradient by the output; it is left as it is.</param>
    /// <param name="y">The output.</param>
    /// <param name="q">The queries.</param>
    /// <param name="k">The keys.</param>
    /// <param name="v">The values.</param>
    /// <param name="lse">What the forward pass left.</param>
    /// <param name="dlse">Scratch of the same shape.</param>
    /// <param name="self">The adapter.</param>
    /// <param name="host">The adapted layer.</param>
    static virtual void BackwardInput<Q, K>(
        Run run, Into into, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        in TSelf self, SoftmaxAttention<Q, K> host)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Backward(run, into, dq, dk, dv, dy, y, q, k, v, lse, dlse, host);
}
