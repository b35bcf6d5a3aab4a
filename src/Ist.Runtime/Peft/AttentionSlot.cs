using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>The slot of an attention layer: it runs the layer, adapted by the method.</summary>
/// <typeparam name="P">The PEFT method.</typeparam>
/// <typeparam name="Q">The layer's queries.</typeparam>
/// <typeparam name="K">The layer's keys and values.</typeparam>
public sealed class AttentionSlot<P, Q, K> where P : IAttentionPeft<P> where Q : IWidth where K : IWidth
{
    private readonly P _method;

    /// <summary>Lets the method make its adapter for the layer.</summary>
    public AttentionSlot(Scope scope, SoftmaxAttention<Q, K> host)
    {
        _method = P.CreateAttention(scope, host);
        Heads = host.Heads;
        // A layer without weights has no name in the checkpoint, so it is listed only where something is in its slot.
        if (P.Describe(_method) is { } description)
            scope.Contents.Add(new SlotEntry(scope.Name, scope.Layer, description, null));
    }

    /// <summary>The layer's query heads: floats per row that the forward pass leaves for the backward pass.</summary>
    public int Heads { get; }

    /// <summary>y = the adapted layer of q, k and v.</summary>
    public void Forward(
        Run run, [Result] Act<Q> y, [Saved(Width = nameof(Heads))] Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v, SoftmaxAttention<Q, K> host) =>
        P.Forward(run, y, lse, q, k, v, _method, host);

    /// <summary>dq, dk and dv = the gradients by q, k and v; adds the adapter's gradients.</summary>
    public void BackwardSet(
        Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        SoftmaxAttention<Q, K> host) =>
        P.Backward(run, Into.Set, dq, dk, dv, dy, y, q, k, v, lse, dlse, _method, host);

    /// <summary>dq, dk and dv += the gradients by q, k and v; adds the adapter's gradients.</summary>
    public void BackwardAdd(
        Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        SoftmaxAttention<Q, K> host) =>
        P.Backward(run, Into.Add, dq, dk, dv, dy, y, q, k, v, lse, dlse, _method, host);

    /// <summary>dq, dk and dv = the gradients by q, k and v, and no adapter gradients.</summary>
    public void BackwardInputSet(
        Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        SoftmaxAttention<Q, K> host) =>
        P.BackwardInput(run, Into.Set, dq, dk, dv, dy, y, q, k, v, lse, dlse, _method, host);

    /// <summary>dq, dk and dv += the gradients by q, k and v, and no adapter gradients.</summary>
    public void BackwardInputAdd(
        Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        SoftmaxAttention<Q, K> host) =>
        P.BackwardInput(run, Into.Add, dq, dk, dv, dy, y, q, k, v, lse, dlse, _method, host);
}
