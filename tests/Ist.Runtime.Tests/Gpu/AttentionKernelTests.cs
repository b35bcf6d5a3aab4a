using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Attention on the GPU beside the processor, whose kernels are tested against the reference.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class AttentionKernelTests(GpuFixture fixture)
{
    // Measured: 4.3e-7 of the largest entry in y, 8.9e-7 in the gradients.
    private const double Tolerance = 1.5e-6;
    private const double GradientTolerance = 3e-6;

    [Theory]
    [InlineData(1, 1, 12, 2, new[] { 0, 2 }, 0)]
    [InlineData(2, 1, 16, 7, new[] { 0, 7, 3, 7, 0, 2 }, 0)]
    [InlineData(2, 1, 16, 7, new[] { 0, 7, 3, 7, 0, 2 }, 3)]
    [InlineData(3, 3, 5, 67, new[] { 0, 67, 66, 67 }, 0)]
    [InlineData(4, 2, 64, 70, new[] { 5, 61 }, 0)]
    [InlineData(4, 2, 20, 131, new[] { 0, 131, 70, 131 }, 37)]
    [InlineData(2, 2, 130, 35, new[] { 1, 35 }, 0)]
    [InlineData(1, 1, 256, 34, new[] { 0, 34 }, 0)]
    public void Causal_attention_is_the_processors(int heads, int keyHeads, int size, int time, int[] ends, int window) =>
        Check(new AttentionOptions(heads, keyHeads, size) { Windows = [null, window == 0 ? null : window] }, time, ends, isCausal: true);

    [Fact]
    public void A_cap_is_the_processors() => Check(new AttentionOptions(2, 1, 12) { Softcap = 1.5, Scale = 0.7 }, 40, [0, 40, 7, 33], isCausal: true);

    [Fact]
    public void Attention_to_both_sides_is_the_processors() => Check(new AttentionOptions(4, 2, 12), 45, [0, 45, 3, 40, 0, 1], isCausal: false);

    [Theory]
    [InlineData(2, 16, 0)]
    [InlineData(3, 5, 9)]
    public void Slopes_are_the_processors(int heads, int size, int window) =>
        Check(new AttentionOptions(heads, 1, size) { Windows = [null, window == 0 ? null : window], Alibi = true }, 41, [0, 41, 7, 33], isCausal: true);

    [Theory]
    [InlineData(1, 12, 1, 0)]
    [InlineData(7, 6, 0.25f, 0)]
    [InlineData(35, 16, 0.5f, 0)]
    [InlineData(20, 5, 1, 24)]
    public void A_prefix_is_the_processors(int count, int size, float scale, int window) => Check(
        new AttentionOptions(4, 2, size) { Windows = [null, window == 0 ? null : window], Softcap = 2, Alibi = true }, 19, [0, 19, 5, 17, 0, 1], isCausal: true, count, scale);

    [Fact]
    public void A_prefix_without_gradients_gets_none() =>
        Check(new AttentionOptions(2, 2, 8), 9, [0, 9], isCausal: false, 3, 1, trainsPrefix: false);

    [Fact]
    public void Larger_heads_are_refused_by_name()
    {
        var e = Assert.Throws<InputException>(() => Check(new AttentionOptions(1, 1, 260), 2, [0, 2], isCausal: true));
        Assert.Equal("--device cuda has no kernel for attention with heads of more than 256 elements yet; run this model and method with --device cpu.", e.Message);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 5)]
    public void Examples_that_share_a_row_are_the_processors(int window, int prefix)
    {
        var data = new DataSet([.. ((int[])[30, 1, 17, 33, 2, 5]).Select(length => new Example(new int[length], new int[length]))]);
        PackedRows rows = PackedRows.Of(data, 40, prompt: 0, seed: 1);
        using var test = new GpuTest(fixture, new KernelTest(rows.Count, 40));
        test.Cpu.Batch.Fill(data.Examples, rows, [.. Enumerable.Range(0, rows.Count)]);
        Assert.True(test.Cpu.Batch.Segments > rows.Count);
        Check(test, new AttentionOptions(4, 2, 12) { Windows = [null, window == 0 ? null : window] }, isCausal: true, prefix, 1, trainsPrefix: true);
    }

    /// <summary>A text that comes in pieces sees what the cache kept of those before.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 4)]
    public void The_cache_is_the_processors(int window, int prefixCount)
    {
        const int time = 45, heads = 4, keyHeads = 2, size = 12;
        using var test = new GpuTest(fixture, new KernelTest(1, time));
        KernelTest cpu = test.Cpu;
        CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(
            cpu, new AttentionOptions(heads, keyHeads, size) { Windows = [null, window == 0 ? null : window] });
        KeyValuePrefix prefix = prefixCount == 0 ? default : PrefixAttentionTests.Prefix(cpu, prefixCount, 1, keyHeads * size, out _);
        Act<Query> q = cpu.Random<Query>(heads * size, 1, 2), y = cpu.Empty<Query>(heads * size), gq = test.Copy(q), gy = test.Copy(y);
        Act<KeyValue> k = cpu.Random<KeyValue>(keyHeads * size, 2, 2), v = cpu.Random<KeyValue>(keyHeads * size, 3), gk = test.Copy(k), gv = test.Copy(v);
        Act<Own> lse = cpu.Empty<Own>(heads), glse = test.Copy(lse);
        using (Arena arena = Arena.Create(cpu.Cpu, Purpose.Generation, new Widths(), 1, time, attention.Reserve))
            Pieces(cpu.Run, q, k, v, y, lse, prefix);
        using (Arena arena = Arena.Create(test.Device, Purpose.Generation, new Widths(), 1, time, attention.Reserve))
        {
            Pieces(test.Run, gq, gk, gv, gy, glse, test.Copy(prefix));
            cpu.Batch.Fill(new int[1], time);
            Assert.Throws<InvalidOperationException>(() => CausalAttention.Forward(test.Run, gy, glse, gq, gk, gv, attention));
        }

        cpu.Batch.Fill(new int[time], 0);
        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, lse, glse, "lse");

        void Pieces(Run run, Act<Query> q, Act<KeyValue> k, Act<KeyValue> v, Act<Query> y, Act<Own> lse, KeyValuePrefix prefix)
        {
            int past = 0;
            foreach (int count in (int[])[21, 20, 1, 1, 2])
            {
                cpu.Batch.Fill(new int[count], past);
                SoftmaxAttention.Forward(run, y.From(past), lse.From(past), q.From(past), k.From(past), v.From(past), attention, prefix);
                past += count;
            }
        }
    }

    private void Check(AttentionOptions options, int time, int[] ends, bool isCausal, int prefix = 0, float scale = 1, bool trainsPrefix = true)
    {
        using var test = new GpuTest(fixture, new KernelTest(time, [.. ends.Chunk(2).Select(e => (e[0], e[1]))]));
        Check(test, options, isCausal, prefix, scale, trainsPrefix);
    }

    private static void Check(GpuTest test, AttentionOptions options, bool isCausal, int prefixCount, float scale, bool trainsPrefix)
    {
        KernelTest cpu = test.Cpu;
        SoftmaxAttention<Query, KeyValue> attention = isCausal ? CausalAttentionTests.Layer(cpu, options) : BidirectionalAttentionTests.Layer(cpu, options);
        int width = options.Heads * options.HeadSize, keyWidth = options.KeyValueHeads * options.HeadSize;
        KeyValuePrefix prefix = prefixCount == 0 ? default : PrefixAttentionTests.Prefix(cpu, prefixCount, scale, keyWidth, out _);
        if (!trainsPrefix)
            prefix = prefix with { KeyGradients = null, ValueGradients = null };
        KeyValuePrefix gprefix = test.Copy(prefix);
        Act<Query> q = cpu.Random<Query>(width, 1, 2), dy = cpu.Random<Query>(width, 4), y = cpu.Empty<Query>(width), dq = cpu.Empty<Query>(width);
        Act<KeyValue> k = cpu.Random<KeyValue>(keyWidth, 2, 2), v = cpu.Random<KeyValue>(keyWidth, 3), dk = cpu.Empty<KeyValue>(keyWidth), dv = cpu.Empty<KeyValue>(keyWidth);
        Act<Own> lse = cpu.Empty<Own>(options.Heads), delta = cpu.Empty<Own>(options.Heads);
        (Act<Query> gq, Act<Query> gdy, Act<Query> gy, Act<Query> gdq) = (test.Copy(q), test.Copy(dy), test.Copy(y), test.Copy(dq));
        (Act<KeyValue> gk, Act<KeyValue> gv, Act<KeyValue> gdk, Act<KeyValue> gdv) = (test.Copy(k), test.Copy(v), test.Copy(dk), test.Copy(dv));
        (Act<Own> glse, Act<Own> gdelta) = (test.Copy(lse), test.Copy(delta));

        Pass(cpu.Run, q, k, v, y, lse, dy, delta, dq, dk, dv, attention, prefix);
        Pass(test.Run, gq, gk, gv, gy, glse, gdy, gdelta, gdq, gdk, gdv, attention, gprefix);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, lse, glse, "lse");
        test.Near(GradientTolerance, dq, gdq, "dq");
        test.Near(GradientTolerance, dk, gdk, "dk");
        test.Near(GradientTolerance, dv, gdv, "dv");
        long ofPrefix = trainsPrefix ? (long)prefix.Count * prefix.Stride : 0;
        Numbers.Near(
            GradientTolerance, Numbers.Doubles(new ReadOnlySpan<float>(prefix.KeyGradients, (int)ofPrefix)), Numbers.Doubles(test.Floats(gprefix.KeyGradients, ofPrefix)),
            "gradient of the prefix");
        float[] before = test.Floats(gdk);
        SoftmaxAttention.Backward(test.Run, Into.Set, gdq, gdk, gdv, gdy, gy, gq, gk, gv, glse, gdelta, attention, gprefix);
        SoftmaxAttention.Backward(test.Run, Into.Add, gdq, gdk, gdv, gdy, gy, gq, gk, gv, glse, gdelta, attention, gprefix);
        Assert.Equal(before, test.Floats(gdk));
    }

    // Set and then added to: twice the gradient.
    private static void Pass(
        Run run, Act<Query> q, Act<KeyValue> k, Act<KeyValue> v, Act<Query> y, Act<Own> lse, Act<Query> dy, Act<Own> delta, Act<Query> dq, Act<KeyValue> dk,
        Act<KeyValue> dv, SoftmaxAttention<Query, KeyValue> attention, KeyValuePrefix prefix)
    {
        SoftmaxAttention.Forward(run, y, lse, q, k, v, attention, prefix);
        SoftmaxAttention.Backward(run, Into.Set, dq, dk, dv, dy, y, q, k, v, lse, delta, attention, prefix);
        SoftmaxAttention.Backward(run, Into.Add, dq, dk, dv, dy, y, q, k, v, lse, delta, attention, prefix);
    }
}
