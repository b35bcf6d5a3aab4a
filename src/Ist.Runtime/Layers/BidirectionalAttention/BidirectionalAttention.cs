using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="BidirectionalAttention{Q, K}"/>: those of <see cref="SoftmaxAttention"/>.</summary>
public static class BidirectionalAttention
{
    /// <summary>y = softmax(s) v over all real tokens of the sequence.</summary>
    /// <param name="run">The run; its batch says which tokens are real.</param>
    /// <param name="y">Receives the result, [rows, heads x head size].</param>
    /// <param name="lse">Receives the logarithm of the sum of exponentials, [rows, heads].</param>
    /// <param name="q">The queries, [rows, heads x head size].</param>
    /// <param name="k">The keys, [rows, key heads x head size].</param>
    /// <param name="v">The values, [rows, key heads x head size].</param>
    /// <param name="attention">Head counts and scale.</param>
    public static void Forward<Q, K>(
        Run run, [Result] Act<Q> y, [Saved(Width = nameof(BidirectionalAttention<Q, K>.Heads))] Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v,
        BidirectionalAttention<Q, K> attention)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Forward(run, y, lse, q, k, v, attention);

    /// <summary>dq, dk and dv are set.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dq">Receives the gradient by the queries, [rows, heads x head size].</param>
    /// <param name="dk">Receives the gradient by the keys, [rows, key heads x head size].</param>
    /// <param name="dv">Receives the gradient by the values, [rows, key heads x head size].</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="y">The result, [rows, heads x head size].</param>
    /// <param name="q">The queries, [rows, heads x head size].</param>
    /// <param name="k">The keys, [rows, key heads x head size].</param>
    /// <param name="v">The values, [rows, key heads x head size].</param>
    /// <param name="lse">What the forward pass saved, [rows, heads].</param>
    /// <param name="dlse">Scratch: delta, [rows, heads].</param>
    /// <param name="attention">Head counts and scale.</param>
    public static void BackwardSet<Q, K>(
        Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        BidirectionalAttention<Q, K> attention)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Backward(run, Into.Set, dq, dk, dv, dy, y, q, k, v, lse, dlse, attention);

    /// <summary>dq, dk and dv are added to.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dq">The gradient by the queries is added to it, [rows, heads x head size].</param>
    /// <param name="dk">The gradient by the keys is added to it, [rows, key heads x head size].</param>
    /// <param name="dv">The gradient by the values is added to it, [rows, key heads x head size].</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="y">The result, [rows, heads x head size].</param>
    /// <param name="q">The queries, [rows, heads x head size].</param>
    /// <param name="k">The keys, [rows, key heads x head size].</param>
    /// <param name="v">The values, [rows, key heads x head size].</param>
    /// <param name="lse">What the forward pass saved, [rows, heads].</param>
    /// <param name="dlse">Scratch: delta, [rows, heads].</param>
    /// <param name="attention">Head counts and scale.</param>
    public static void BackwardAdd<Q, K>(
        Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        BidirectionalAttention<Q, K> attention)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Backward(run, Into.Add, dq, dk, dv, dy, y, q, k, v, lse, dlse, attention);
}
