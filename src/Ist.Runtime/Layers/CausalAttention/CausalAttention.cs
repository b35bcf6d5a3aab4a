using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="CausalAttention{Q, K}"/>: those of <see cref="SoftmaxAttention"/>.</summary>
public static class CausalAttention
{
    /// <summary>
    /// y = softmax(s) v. While generating, the batch's keys and values are appended to the cache, and the queries read all
    /// that stands there.
    /// </summary>
    /// <param name="run">The run; its batch says which tokens are real: those from Start, counted from the first token of the
    /// sequence, to End, counted from the first token of the batch.</param>
    /// <param name="y">Receives the result, [rows, heads x head size].</param>
    /// <param name="lse">Receives the logarithm of the sum of exponentials, [rows, heads].</param>
    /// <param name="q">The queries, [rows, heads x head size].</param>
    /// <param name="k">The keys, [rows, key heads x head size].</param>
    /// <param name="v">The values, [rows, key heads x head size].</param>
    /// <param name="attention">Head counts, window and cache.</param>
    /// <exception cref="InvalidOperationException">The cache is full.</exception>
    public static void Forward<Q, K>(
        Run run, [Result] Act<Q> y, [Saved(Width = nameof(CausalAttention<Q, K>.Heads))] Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v,
        CausalAttention<Q, K> attention)
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
    /// <param name="attention">Head counts and window.</param>
    public static void BackwardSet<Q, K>(
        Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        CausalAttention<Q, K> attention)
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
    /// <param name="attention">Head counts and window.</param>
    public static void BackwardAdd<Q, K>(
        Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        CausalAttention<Q, K> attention)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Backward(run, Into.Add, dq, dk, dv, dy, y, q, k, v, lse, dlse, attention);
}
