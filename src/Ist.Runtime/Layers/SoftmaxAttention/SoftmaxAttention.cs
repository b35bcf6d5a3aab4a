using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Kernels of <see cref="SoftmaxAttention{Q, K}"/>, by tiles of queries and keys (Dao et al., arXiv 2205.14135). A row that is
/// padding has the result 0 and gives and gets no gradient.
/// <para>
/// Forward, with c the layer's scale (1 / sqrt(head size) unless the model says otherwise): S = c q k^T, lse = log(sum of e^S),
/// P = e^(S - lse), y = P v. Backward, with delta = sum of dy y: dv = P^T dy, dS = P (dy v^T - delta), dq = c dS k, dk = c dS^T q; heads
/// of a group add up in dk and dv. Keys that no query of a tile sees, because they come later or lie before the window, are not read.
/// Examples that share a row are taken one by one, as if each had a row of its own.
/// </para>
/// <para>
/// With a cap, S = cap tanh(c q k^T / cap), and dS is multiplied by 1 - tanh^2 before it goes on. With slopes, slope x distance is
/// added to S and has no gradient.
/// </para>
/// <para>
/// A prefix is a block of keys and values before the first. Its gradients add up over queries, heads and sequences, in order.
/// </para>
/// </summary>
public static unsafe partial class SoftmaxAttention
{
    /// <summary>
    /// y = softmax(S) v over the keys that each row sees. While generating, the batch's keys and values are appended to the cache,
    /// and the queries read all that stands there.
    /// </summary>
    /// <param name="run">The run; its batch says which tokens are real: those from Start, counted from the first token of the
    /// sequence, to End, counted from the first token of the batch.</param>
    /// <param name="y">Receives the result, [rows, heads x head size].</param>
    /// <param name="lse">Receives the logarithm of the sum of exponentials, [rows, heads].</param>
    /// <param name="q">The queries, [rows, heads x head size].</param>
    /// <param name="k">The keys, [rows, key heads x head size].</param>
    /// <param name="v">The values, [rows, key heads x head size].</param>
    /// <param name="attention">Head counts, scale, window and cache.</param>
    /// <param name="prefix">Keys and values that all rows see beside their own.</param>
    /// <exception cref="InvalidOperationException">The cache is full.</exception>
    public static void Forward<Q, K>(
        Run run, Act<Q> y, Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v, SoftmaxAttention<Q, K> attention, KeyValuePrefix prefix = default)
        where Q : IWidth where K : IWidth
    {
        if (run.Gpu is { } gpu)
        {
            Forward(gpu, run, y, lse, q, k, v, attention, prefix);
            return;
        }
        Reach reach = attention.Cache is { } cache
            ? Append(run, cache, k.Data, v.Data, attention)
            : Within(run.Batch, k.Data, v.Data, attention);
        if (run.Cpu.Counter is { } counter)
            counter.Add(WorkKind.Attention, Products(reach, run.Batch.Segments, Heads.Of(attention), products: 2, prefix.Count, productsOfPrefix: 2));
        var job = new ForwardJob(run.Cpu.Scratches, y.Data, lse.Data, q.Data, Heads.Of(attention), reach, prefix, run.Batch.Segments, run.Cpu.Threads);
        run.Cpu.For(job.Tasks, job);
    }

    /// <summary>dq, dk and dv are set or added to.</summary>
    /// <param name="run">The run.</param>
    /// <param name="into">Whether gradients are set or added to.</param>
    /// <param name="dq">The gradient by the queries, [rows, heads x head size].</param>
    /// <param name="dk">The gradient by the keys, [rows, key heads x head size].</param>
    /// <param name="dv">The gradient by the values, [rows, key heads x head size].</param>
    /// <param name="dy">The gradient by the result, [rows, heads x head size].</param>
    /// <param name="y">The result, [rows, heads x head size].</param>
    /// <param name="q">The queries, [rows, heads x head size].</param>
    /// <param name="k">The keys, [rows, key heads x head size].</param>
    /// <param name="v">The values, [rows, key heads x head size].</param>
    /// <param name="lse">What the forward pass saved, [rows, heads].</param>
    /// <param name="dlse">Scratch: delta, [rows, heads].</param>
    /// <param name="attention">Head counts, scale and window.</param>
    /// <param name="prefix">What the forward pass was given; its gradients are always added to.</param>
    public static void Backward<Q, K>(
        Run run, Into into, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        SoftmaxAttention<Q, K> attention, KeyValuePrefix prefix = default)
        where Q : IWidth where K : IWidth
    {
        if (run.Gpu is { } gpu)
        {
            Backward(gpu, run, into, dq, dk, dv, dy, y, q, k, v, lse, dlse, attention, prefix);
            return;
        }
        Heads heads = Heads.Of(attention);
        Reach reach = Within(run.Batch, k.Data, v.Data, attention);
        bool trainsPrefix = prefix.Count > 0 && prefix.KeyGradients is not null;
        if (run.Cpu.Counter is { } counter)
            counter.Add(WorkKind.Attention, Products(reach, run.Batch.Segments, heads, products: 5, prefix.Count, productsOfPrefix: trainsPrefix ? 7 : 3));
        var job = new BackwardJob(
            run.Cpu.Scratches, into, dq.Data, dk.Data, dv.Data, dy.Data, y.Data, q.Data, lse.Data, dlse.Data, heads, reach, prefix, run.Batch.Segments, productsOfPrefix: 3);
        run.Cpu.For(job.Tasks, job);
        if (!trainsPrefix)
            return;
        var ofPrefix = new PrefixJob(run.Cpu.Scratches, dy.Data, q.Data, lse.Data, dlse.Data, heads, reach, prefix, run.Batch.Segments);
        run.Cpu.For(ofPrefix.Tasks, ofPrefix);
    }
}
