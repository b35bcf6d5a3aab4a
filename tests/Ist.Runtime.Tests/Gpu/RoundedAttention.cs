using Ist.Runtime.Data;
using Ist.Runtime.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>
/// Attention in double precision of factors that are rounded once, and for each number what its rounding may have cost: a bound for a number that is a
/// sum of rounded terms is the rounding of all of them.
/// </summary>
/// <param name="options">Those of layer 1.</param>
/// <param name="batch">Says where sequences stand.</param>
/// <param name="isCausal">Whether a query sees no key after its own.</param>
/// <param name="unit">What rounding may change a number by, in relation to it.</param>
/// <param name="rounded">Rounds it.</param>
internal sealed unsafe class RoundedAttention(AttentionOptions options, Batch batch, bool isCausal, double unit, Func<float, float> rounded)
{
    /// <summary>
    /// What sums in F32, an exponent of some 2^5 that is rounded in F32, and the card's approximation of 2^x may change P by, in relation to it.
    /// </summary>
    public const double Exact = 1.0 / (1 << 20);

    private readonly int _group = options.Heads / options.KeyValueHeads;

    /// <summary>The numbers and their bounds.</summary>
    public sealed class Result(int count)
    {
        public double[] Values { get; } = new double[count];

        public double[] Bounds { get; } = new double[count];

        public void Add(int at, double value, double bound)
        {
            Values[at] += value;
            Bounds[at] += bound;
        }
    }

    public (Result Y, Result Lse) Forward(float[] q, float[] k, float[] v)
    {
        Result y = new(q.Length), lse = new(q.Length / options.HeadSize);
        ForEachQuery((head, query, row, keys) =>
        {
            double[] scores = [.. keys.Select(key => Score(q, k, head, query, key))];
            double max = scores.Max(), sum = scores.Sum(score => Math.Exp(score - max)), log = max + Math.Log(sum);
            lse.Add(row, log, Exact * (1 + Math.Abs(log)));
            for (int j = 0; j < keys.Length; j++)
            {
                double p = Math.Exp(scores[j] - log);
                for (int d = 0; d < options.HeadSize; d++)
                {
                    double term = p * rounded(v[Key(head, keys[j]) + d]);
                    y.Add(row * options.HeadSize + d, term, (unit + Exact) * Math.Abs(term));
                }
            }
        });
        return (y, lse);
    }

    /// <summary>The gradients, given the forward pass's own result.</summary>
    public (Result Dq, Result Dk, Result Dv) Backward(float[] dy, float[] y, float[] lse, float[] q, float[] k, float[] v)
    {
        Result dq = new(q.Length), dk = new(k.Length), dv = new(v.Length);
        double scale = options.ScaleOf(1);
        ForEachQuery((head, query, row, keys) =>
        {
            int at = row * options.HeadSize;
            double delta = 0, sizes = 0;
            for (int d = 0; d < options.HeadSize; d++)
            {
                delta += (double)dy[at + d] * y[at + d];
                sizes += Math.Abs((double)dy[at + d] * y[at + d]);
            }
            foreach (int key in keys)
            {
                double score = Score(q, k, head, query, key), p = Math.Exp(score - lse[row]), dp = 0, size = sizes;
                int other = Key(head, key);
                for (int d = 0; d < options.HeadSize; d++)
                {
                    double product = (double)rounded(dy[at + d]) * rounded(v[other + d]);
                    dp += product;
                    size += Math.Abs(product);
                    double term = p * rounded(dy[at + d]);
                    dv.Add(other + d, term, (unit + Exact) * Math.Abs(term));
                }
                double bent = score - Incline(head, query, key);
                double slope = scale * (options.Softcap is { } cap ? 1 - bent / cap * (bent / cap) : 1);
                double ds = p * (dp - delta) * slope, bound = unit * Math.Abs(ds) + Exact * scale * p * size;
                for (int d = 0; d < options.HeadSize; d++)
                {
                    double ofKey = rounded(k[other + d]), ofQuery = rounded(q[at + d]);
                    dq.Add(at + d, ds * ofKey, bound * Math.Abs(ofKey));
                    dk.Add(other + d, ds * ofQuery, bound * Math.Abs(ofQuery));
                }
            }
        });
        return (dq, dk, dv);
    }

    private double Score(float[] q, float[] k, int head, int query, int key)
    {
        double product = 0;
        int at = (query * options.Heads + head) * options.HeadSize, other = Key(head, key);
        for (int d = 0; d < options.HeadSize; d++)
            product += (double)rounded(q[at + d]) * rounded(k[other + d]);
        double score = options.ScaleOf(1) * product;
        return (options.Softcap is { } cap ? cap * Math.Tanh(score / cap) : score) + Incline(head, query, key);
    }

    private double Incline(int head, int query, int key) => options.Alibi ? AlibiSlopes.Of(options.Heads, head) * (key - query) : 0;

    private int Key(int head, int key) => (key * options.KeyValueHeads + head / _group) * options.HeadSize;

    // Each real query of each head, the place of its number, and the rows of the keys that it sees.
    private void ForEachQuery(Action<int, int, int, int[]> visit)
    {
        int window = options.WindowOf(1) ?? int.MaxValue;
        for (int s = 0; s < batch.Segments; s++)
        {
            int row = batch.SegmentRows[s], first = row + batch.SegmentStart[s], last = Math.Min(batch.SegmentRows[s + 1], row + batch.SegmentEnd[s]);
            for (int query = first; query < last; query++)
            {
                int[] keys = [.. Enumerable.Range(first, last - first).Where(key => !isCausal || (key <= query && query - key < window))];
                for (int head = 0; head < options.Heads; head++)
                    visit(head, query, query * options.Heads + head, keys);
            }
        }
    }
}
