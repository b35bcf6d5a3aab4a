using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>
/// Attention on tensor cores beside double precision. The reference has the factors rounded, each once; P and dS are rounded where only the kernel
/// knows them, so what that may cost is a bound, term by term: an element in the wrong place does not fit into it.
/// </summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class TensorAttentionTests(GpuFixture fixture)
{
    [Theory]
    [InlineData(Precision.BF16, 1, 1, 32, 1, new[] { 0, 1 }, 0)]
    [InlineData(Precision.BF16, 2, 1, 64, 17, new[] { 0, 17, 3, 17, 0, 2 }, 0)]
    [InlineData(Precision.BF16, 2, 1, 40, 70, new[] { 0, 70, 66, 70 }, 9)]
    [InlineData(Precision.BF16, 3, 3, 128, 67, new[] { 0, 67, 5, 61 }, 0)]
    [InlineData(Precision.BF16, 2, 1, 80, 131, new[] { 0, 131 }, 37)]
    public void Causal_attention_is_the_reference(Precision precision, int heads, int keyHeads, int size, int time, int[] ends, int window) =>
        Check(precision, new AttentionOptions(heads, keyHeads, size) { Windows = [null, window == 0 ? null : window] }, time, ends, isCausal: true);

    [Theory]
    [InlineData(Precision.BF16)]
    public void Attention_to_both_sides_is_the_reference(Precision precision) =>
        Check(precision, new AttentionOptions(4, 2, 32), 75, [0, 75, 3, 70, 0, 1], isCausal: false);

    /// <summary>Two of 64 elements, and a head of three whose slope is an odd power.</summary>
    [Theory]
    [InlineData(Precision.BF16)]
    public void Caps_and_slopes_are_the_references(Precision precision) =>
        Check(precision, new AttentionOptions(3, 1, 48) { Softcap = 1.5, Scale = 0.4, Alibi = true }, 69, [0, 69, 7, 33], isCausal: true);

    [Theory]
    [InlineData(Precision.BF16)]
    public void Examples_that_share_a_row_are_the_references(Precision precision)
    {
        var data = new DataSet([.. ((int[])[70, 1, 17, 33, 2, 66]).Select(length => new Example(new int[length], new int[length]))]);
        PackedRows rows = PackedRows.Of(data, 90, prompt: 0, seed: 1);
        using var test = new GpuTest(fixture, new KernelTest(rows.Count, 90));
        test.Cpu.Batch.Fill(data.Examples, rows, [.. Enumerable.Range(0, rows.Count)]);
        Assert.True(test.Cpu.Batch.Segments > rows.Count);
        Check(test, precision, new AttentionOptions(2, 1, 32), isCausal: true);
    }

    private void Check(Precision precision, AttentionOptions options, int time, int[] ends, bool isCausal)
    {
        using var test = new GpuTest(fixture, new KernelTest(time, [.. ends.Chunk(2).Select(e => (e[0], e[1]))]));
        Check(test, precision, options, isCausal);
    }

    private static void Check(GpuTest test, Precision precision, AttentionOptions options, bool isCausal)
    {
        KernelTest cpu = test.Cpu;
        test.Run.Precision = precision;
        SoftmaxAttention<Query, KeyValue> attention = isCausal ? CausalAttentionTests.Layer(cpu, options) : BidirectionalAttentionTests.Layer(cpu, options);
        int width = options.Heads * options.HeadSize, keyWidth = options.KeyValueHeads * options.HeadSize;
        Act<Query> q = cpu.Random<Query>(width, 1, 2), gq = test.Copy(q), gy = test.Copy(cpu.Empty<Query>(width));
        Act<KeyValue> k = cpu.Random<KeyValue>(keyWidth, 2, 2), gk = test.Copy(k), v = cpu.Random<KeyValue>(keyWidth, 3), gv = test.Copy(v);
        Act<Own> glse = test.Copy(cpu.Empty<Own>(options.Heads));
        var reference = precision == Precision.BF16
            ? new RoundedAttention(options, cpu.Batch, isCausal, 1.0 / (1 << 8), value => (BFloat16)value)
            : new RoundedAttention(options, cpu.Batch, isCausal, 1.0 / (1 << 11), TensorProductTests.TF32);

        SoftmaxAttention.Forward(test.Run, gy, glse, gq, gk, gv, attention);

        float[] y = test.Floats(gy), lse = test.Floats(glse);
        (RoundedAttention.Result expectedY, RoundedAttention.Result expectedLse) = reference.Forward(test.Floats(gq), test.Floats(gk), test.Floats(gv));
        Near(expectedY, y, "y");
        Near(expectedLse, lse, "lse");
        SoftmaxAttention.Forward(test.Run, gy, glse, gq, gk, gv, attention);
        Assert.Equal(y, test.Floats(gy));
        Assert.Equal(lse, test.Floats(glse));
    }

    private static void Near(RoundedAttention.Result expected, float[] actual, string what)
    {
        double worst = 0;
        int at = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double distance = Math.Abs(expected.Values[i] - actual[i]), part = distance == 0 ? 0 : distance / expected.Bounds[i];
            if (!(part <= worst))
                (worst, at) = (part, i);
        }
        Assert.True(
            worst <= 1, $"{what}[{at}] is {actual[at]:R}, expected {expected.Values[at]:R}: {worst:F2} of what rounding may cost, {expected.Bounds[at]:E2}");
    }
}
