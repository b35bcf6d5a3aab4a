using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>One attention layer on random numbers, forward and backward, beside the reference.</summary>
internal sealed class AttentionCase : IDisposable
{
    // Measured: 4.8e-7 of the largest entry in y, 1.2e-6 in the gradients (300 keys).
    private const double Tolerance = 1.5e-6;
    private const double GradientTolerance = 4e-6;

    private readonly AttentionOptions _options;
    private readonly KernelTest _test;
    private readonly (int, int)[] _real;
    private readonly Act<Query> _q, _y, _dy, _dq;
    private readonly Act<KeyValue> _k, _v, _dk, _dv;
    private readonly Act<Own> _lse, _dlse;

    /// <param name="options">Those of layer 1.</param>
    /// <param name="time">Columns.</param>
    /// <param name="ends">The first real column of each sequence and one past the last.</param>
    public AttentionCase(AttentionOptions options, int time, int[] ends)
    {
        _options = options;
        _real = [.. ends.Chunk(2).Select(e => (e[0], e[1]))];
        _test = new KernelTest(time, _real);
        int width = options.Heads * options.HeadSize, keyWidth = options.KeyValueHeads * options.HeadSize;
        (_q, _dy, _y, _dq) = (_test.Random<Query>(width, 1, 2), _test.Random<Query>(width, 4), _test.Empty<Query>(width), _test.Empty<Query>(width));
        (_k, _v, _dk, _dv) = (_test.Random<KeyValue>(keyWidth, 2, 2), _test.Random<KeyValue>(keyWidth, 3), _test.Empty<KeyValue>(keyWidth), _test.Empty<KeyValue>(keyWidth));
        (_lse, _dlse) = (_test.Empty<Own>(options.Heads), _test.Empty<Own>(options.Heads));
    }

    public void CheckCausal()
    {
        CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(_test, _options);
        CausalAttention.Forward(_test.Run, _y, _lse, _q, _k, _v, attention);
        CausalAttention.BackwardSet(_test.Run, _dq, _dk, _dv, _dy, _y, _q, _k, _v, _lse, _dlse, attention);
        Check(isBidirectional: false);
    }

    public void CheckBidirectional()
    {
        BidirectionalAttention<Query, KeyValue> attention = BidirectionalAttentionTests.Layer(_test, _options);
        BidirectionalAttention.Forward(_test.Run, _y, _lse, _q, _k, _v, attention);
        BidirectionalAttention.BackwardSet(_test.Run, _dq, _dk, _dv, _dy, _y, _q, _k, _v, _lse, _dlse, attention);
        Check(isBidirectional: true);
    }

    public void Dispose() => _test.Dispose();

    private void Check(bool isBidirectional)
    {
        int time = _test.Batch.Time;
        int? window = _options.WindowOf(1);
        var reference = new ReferenceAttention(_options.Heads, _options.KeyValueHeads, _options.HeadSize, time, _real, window ?? int.MaxValue)
        {
            Scale = _options.ScaleOf(1),
            Softcap = _options.Softcap,
            Slopes = _options.Alibi ? BloomSlopes(_options.Heads) : null,
            IsBidirectional = isBidirectional,
        };
        Numbers.Near(Tolerance, reference.Forward(_test.Doubles(_q), _test.Doubles(_k), _test.Doubles(_v)), _test.Doubles(_y), "y");
        (double[] eq, double[] ek, double[] ev) = reference.Backward(_test.Doubles(_dy), _test.Doubles(_q), _test.Doubles(_k), _test.Doubles(_v));
        // Where a row sees its own key alone that has no gradient, and only rounding is left of it.
        if (time > 1 && window != 1)
        {
            Numbers.Near(GradientTolerance, eq, _test.Doubles(_dq), "dq");
            Numbers.Near(GradientTolerance, ek, _test.Doubles(_dk), "dk");
        }
        Numbers.Near(GradientTolerance, ev, _test.Doubles(_dv), "dv");
    }

    // transformers' build_alibi_tensor, line by line.
    private static double[] BloomSlopes(int heads)
    {
        double closest = Math.Pow(2, Math.Floor(Math.Log2(heads))), @base = Math.Pow(2, -Math.Pow(2, -(Math.Log2(closest) - 3)));
        IEnumerable<double> slopes = Enumerable.Range(1, (int)closest).Select(power => Math.Pow(@base, power));
        double extra = Math.Pow(2, -Math.Pow(2, -(Math.Log2(2 * closest) - 3)));
        return [.. slopes, .. Enumerable.Range(0, heads - (int)closest).Select(i => Math.Pow(extra, 1 + 2 * i))];
    }
}
