using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>
/// A prefix is what a longer sequence would be, in which its keys and values stand before the first real token: the reference is that
/// sequence, whose rows of the prefix ask nothing.
/// </summary>
public sealed unsafe class PrefixAttentionTests
{
    private const double Tolerance = 1.5e-6;
    private const double GradientTolerance = 4e-6;
    private const int Heads = 4, KeyHeads = 2, Size = 12, Width = Heads * Size, KeyWidth = KeyHeads * Size;

    [Theory]
    [InlineData(1, 7, new[] { 0, 7 }, 1f, null, null, false)]
    [InlineData(5, 70, new[] { 0, 70, 9, 66 }, 1f, null, null, false)]
    [InlineData(5, 70, new[] { 0, 70, 9, 66 }, 0.25f, null, null, false)]
    [InlineData(300, 20, new[] { 0, 20, 3, 20 }, 1f, null, null, false)]
    [InlineData(300, 131, new[] { 0, 131, 3, 120 }, 0.5f, 200, null, false)]
    [InlineData(5, 70, new[] { 0, 70, 9, 66 }, 1f, 8, null, false)]
    [InlineData(70, 140, new[] { 0, 140, 2, 139 }, 1f, 66, 1.5, true)]
    [InlineData(5, 70, new[] { 0, 70, 9, 66 }, 1f, null, null, true)]
    public void Forward_and_backward_are_those_of_the_longer_sequence(int count, int time, int[] ends, float scale, int? window, double? cap, bool alibi)
    {
        (int Start, int End)[] real = [.. ends.Chunk(2).Select(e => (e[0], e[1]))];
        var options = new AttentionOptions(Heads, KeyHeads, Size) { Windows = [null, window], Softcap = cap, Alibi = alibi };
        using var test = new KernelTest(time, real);
        CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(test, options);
        Check(test, attention, options, real, count, time, scale, window);
    }

    [Fact]
    public void Both_sides_see_it()
    {
        (int, int)[] real = [(0, 70), (9, 66)];
        var options = new AttentionOptions(Heads, KeyHeads, Size);
        using var test = new KernelTest(70, real);
        Check(test, BidirectionalAttentionTests.Layer(test, options), options, real, 5, 70, 1, null);
    }

    [Fact]
    public void Generation_from_the_cache_has_the_bits_of_the_whole_text()
    {
        const int time = 270;
        using var test = new KernelTest(1, time);
        CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(test, new AttentionOptions(Heads, KeyHeads, Size) { Windows = [null, 265] });
        KeyValuePrefix prefix = Prefix(test, 11, 1, KeyWidth, out _);
        Act<Query> q = test.Random<Query>(Width, 1), whole = test.Empty<Query>(Width), y = test.Empty<Query>(Width);
        Act<KeyValue> k = test.Random<KeyValue>(KeyWidth, 2), v = test.Random<KeyValue>(KeyWidth, 3);
        Act<Own> lse = test.Empty<Own>(Heads);
        SoftmaxAttention.Forward(test.Run, whole, lse, q, k, v, attention, prefix);
        using Arena arena = Arena.Create(test.Cpu, Purpose.Generation, new Widths(), 1, time, attention.Reserve);

        int past = 0;
        foreach (int count in (int[])[250, 17, 1, 1, 1])
        {
            test.Batch.Fill(new int[count], past);
            SoftmaxAttention.Forward(
                test.Run, From(y, past), From(lse, past), From(q, past), From(k, past), From(v, past), attention, prefix);
            past += count;
        }

        Assert.Equal(whole.Rows(time), y.Rows(time));
    }

    private static void Check(
        KernelTest test, SoftmaxAttention<Query, KeyValue> attention, AttentionOptions options, (int Start, int End)[] real, int count, int time, float scale, int? window)
    {
        KeyValuePrefix prefix = Prefix(test, count, scale, KeyWidth, out float* gradients);
        Act<Query> q = test.Random<Query>(Width, 1, 2), dy = test.Random<Query>(Width, 4), y = test.Empty<Query>(Width), dq = test.Empty<Query>(Width);
        Act<KeyValue> k = test.Random<KeyValue>(KeyWidth, 2, 2), v = test.Random<KeyValue>(KeyWidth, 3);
        Act<KeyValue> dk = test.Empty<KeyValue>(KeyWidth), dv = test.Empty<KeyValue>(KeyWidth);
        Act<Own> lse = test.Empty<Own>(Heads), dlse = test.Empty<Own>(Heads);

        SoftmaxAttention.Forward(test.Run, y, lse, q, k, v, attention, prefix);
        SoftmaxAttention.Backward(test.Run, Into.Set, dq, dk, dv, dy, y, q, k, v, lse, dlse, attention, prefix);

        var longer = new LongerSequences(real, time, count);
        var reference = new ReferenceAttention(Heads, KeyHeads, Size, time + count, longer.Real, window ?? int.MaxValue)
        {
            Softcap = options.Softcap,
            Slopes = options.Alibi ? [.. Enumerable.Range(0, Heads).Select(head => (double)AlibiSlopes.Of(Heads, head))] : null,
            IsBidirectional = !attention.IsCausal,
        };
        double[] lq = longer.Of(test.Doubles(q), Width), lk = longer.Of(test.Doubles(k), KeyWidth), lv = longer.Of(test.Doubles(v), KeyWidth);
        longer.Put(lk, KeyWidth, prefix.Keys, prefix.Stride, scale);
        longer.Put(lv, KeyWidth, prefix.Values, prefix.Stride, scale);
        Numbers.Near(Tolerance, longer.Tokens(reference.Forward(lq, lk, lv), Width), test.Doubles(y), "y");
        (double[] eq, double[] ek, double[] ev) = reference.Backward(longer.Of(test.Doubles(dy), Width), lq, lk, lv);
        Numbers.Near(GradientTolerance, longer.Tokens(eq, Width), test.Doubles(dq), "dq");
        Numbers.Near(GradientTolerance, longer.Tokens(ek, KeyWidth), test.Doubles(dk), "dk");
        Numbers.Near(GradientTolerance, longer.Tokens(ev, KeyWidth), test.Doubles(dv), "dv");
        // What stood there before was 1: gradients are added to.
        double[] gradient = Numbers.Doubles(new ReadOnlySpan<float>(gradients, count * 2 * KeyWidth));
        double[] expected = longer.OfPrefix(ek, ev, KeyWidth, scale);
        Numbers.Near(GradientTolerance, [.. expected.Select(g => g + 1)], gradient, "gradient of the prefix");
    }

    /// <summary>Random keys and values side by side, and gradients of 1.</summary>
    internal static KeyValuePrefix Prefix(KernelTest test, int count, float scale, int width, out float* gradients)
    {
        float* values = test.Floats(count * 2 * width);
        gradients = test.Floats(count * 2 * width);
        Numbers.Fill(new Span<float>(values, count * 2 * width), 9, 2);
        new Span<float>(gradients, count * 2 * width).Fill(1);
        return new KeyValuePrefix
        {
            Count = count,
            Stride = 2 * width,
            Scale = scale,
            Keys = values,
            Values = values + width,
            KeyGradients = gradients,
            ValueGradients = gradients + width,
        };
    }

    private static Act<W> From<W>(Act<W> act, int row) where W : IWidth => new(act.Data + row * act.Width, act.Width);
}
