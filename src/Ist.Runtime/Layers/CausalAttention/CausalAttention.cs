using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// For each query head: s_tj = q_t k_j / sqrt(h), p_tj = e^(s_tj - lse_t), y_t = sum over j of p_tj v_j, for j from the row's
/// first real token to t. Computed in blocks of keys with a running maximum (Dao et al., arXiv 2205.14135), so that no row of
/// probabilities is longer than a block; lse, the logarithm of the sum of exponentials, is what is kept.
/// Backward, with delta_t = dy_t y_t: dv_j = sum p_tj dy_t, ds_tj = p_tj (dy_t v_j - delta_t) / sqrt(h), dq_t = sum ds_tj k_j,
/// dk_j = sum ds_tj q_t; the sums over t go over all query heads that read the key head. Padded rows give and get zero.
/// </summary>
public static unsafe partial class CausalAttention
{
    /// <summary>y = attention(q, k, v); keeps lse [rows, heads]. With a cache, keys and values join those of earlier tokens.</summary>
    public static void Forward<Q, K>(
        Run run, [Result] Act<Q> y, [Saved(Width = nameof(CausalAttention<Q, K>.Heads))] Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v,
        CausalAttention<Q, K> attention)
        where Q : IWidth where K : IWidth
    {
        var shape = new Shape(run, attention.Heads, attention.KeyValueHeads, attention.HeadSize);
        float* keys = k.Data;
        float* values = v.Data;
        if (attention.Cache is { } cache)
        {
            cache.Append(run, keys, values);
            shape = shape.Over(cache, run.Batch.Past);
            keys = cache.Keys;
            values = cache.Values;
        }
        ForwardCpu(run, shape, y.Data, lse.Data, q.Data, keys, values);
    }

    /// <summary>dq, dk and dv = the gradients.</summary>
    public static void BackwardSet<Q, K>(
        Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        CausalAttention<Q, K> attention)
        where Q : IWidth where K : IWidth =>
        BackwardCpu(
            run, new Shape(run, attention.Heads, attention.KeyValueHeads, attention.HeadSize),
            dq.Data, dk.Data, dv.Data, dy.Data, y.Data, q.Data, k.Data, v.Data, lse.Data, dlse.Data);

    /// <summary>Where the heads of a batch lie.</summary>
    private readonly struct Shape
    {
        public readonly int Sequences, Time, Heads, KeyValueHeads, HeadSize, Past, KeyTime;
        public readonly int* Start, End;
        public readonly float Scale;

        public Shape(Run run, int heads, int keyValueHeads, int headSize)
        {
            Sequences = run.Batch.Sequences;
            Time = KeyTime = run.Batch.Time;
            Start = run.Batch.Start;
            End = run.Batch.End;
            (Heads, KeyValueHeads, HeadSize) = (heads, keyValueHeads, headSize);
            Scale = 1 / MathF.Sqrt(headSize);
        }

        private Shape(in Shape other, int past, int keyTime)
        {
            this = other;
            (Past, KeyTime) = (past, keyTime);
        }

        public int Width => Heads * HeadSize;

        public int KeyWidth => KeyValueHeads * HeadSize;

        public int Group => Heads / KeyValueHeads;

        /// <summary>The same queries over the keys of a cache.</summary>
        public Shape Over(KeyValueCache cache, int past) => new(this, past, cache.Capacity);
    }
}
