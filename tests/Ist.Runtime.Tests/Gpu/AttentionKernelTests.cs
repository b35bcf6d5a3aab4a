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

    private void Check(AttentionOptions options, int time, int[] ends, bool isCausal)
    {
        using var test = new GpuTest(fixture, new KernelTest(time, [.. ends.Chunk(2).Select(e => (e[0], e[1]))]));
        KernelTest cpu = test.Cpu;
        SoftmaxAttention<Query, KeyValue> attention = isCausal ? CausalAttentionTests.Layer(cpu, options) : BidirectionalAttentionTests.Layer(cpu, options);
        int width = options.Heads * options.HeadSize, keyWidth = options.KeyValueHeads * options.HeadSize;
        Act<Query> q = cpu.Random<Query>(width, 1, 2), dy = cpu.Random<Query>(width, 4), y = cpu.Empty<Query>(width), dq = cpu.Empty<Query>(width);
        Act<KeyValue> k = cpu.Random<KeyValue>(keyWidth, 2, 2), v = cpu.Random<KeyValue>(keyWidth, 3), dk = cpu.Empty<KeyValue>(keyWidth), dv = cpu.Empty<KeyValue>(keyWidth);
        Act<Own> lse = cpu.Empty<Own>(options.Heads), delta = cpu.Empty<Own>(options.Heads);
        (Act<Query> gq, Act<Query> gdy, Act<Query> gy, Act<Query> gdq) = (test.Copy(q), test.Copy(dy), test.Copy(y), test.Copy(dq));
        (Act<KeyValue> gk, Act<KeyValue> gv, Act<KeyValue> gdk, Act<KeyValue> gdv) = (test.Copy(k), test.Copy(v), test.Copy(dk), test.Copy(dv));
        (Act<Own> glse, Act<Own> gdelta) = (test.Copy(lse), test.Copy(delta));

        Pass(cpu.Run, q, k, v, y, lse, dy, delta, dq, dk, dv, attention);
        Pass(test.Run, gq, gk, gv, gy, glse, gdy, gdelta, gdq, gdk, gdv, attention);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, lse, glse, "lse");
        test.Near(GradientTolerance, dq, gdq, "dq");
        test.Near(GradientTolerance, dk, gdk, "dk");
        test.Near(GradientTolerance, dv, gdv, "dv");
        float[] before = test.Floats(gdk);
        SoftmaxAttention.Backward(test.Run, Into.Set, gdq, gdk, gdv, gdy, gy, gq, gk, gv, glse, gdelta, attention);
        SoftmaxAttention.Backward(test.Run, Into.Add, gdq, gdk, gdv, gdy, gy, gq, gk, gv, glse, gdelta, attention);
        Assert.Equal(before, test.Floats(gdk));
    }

    // Set and then added to: twice the gradient.
    private static void Pass(
        Run run, Act<Query> q, Act<KeyValue> k, Act<KeyValue> v, Act<Query> y, Act<Own> lse, Act<Query> dy, Act<Own> delta, Act<Query> dq, Act<KeyValue> dk,
        Act<KeyValue> dv, SoftmaxAttention<Query, KeyValue> attention)
    {
        SoftmaxAttention.Forward(run, y, lse, q, k, v, attention);
        SoftmaxAttention.Backward(run, Into.Set, dq, dk, dv, dy, y, q, k, v, lse, delta, attention);
        SoftmaxAttention.Backward(run, Into.Add, dq, dk, dv, dy, y, q, k, v, lse, delta, attention);
    }
}
