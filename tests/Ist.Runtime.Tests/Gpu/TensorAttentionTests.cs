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
    [InlineData(Precision.TF32, 2, 1, 32, 17, new[] { 0, 17, 3, 17, 0, 2 }, 0)]
    [InlineData(Precision.TF32, 2, 2, 56, 70, new[] { 0, 70, 66, 70 }, 9)]
    [InlineData(Precision.TF32, 2, 1, 104, 67, new[] { 5, 61 }, 0)]
    [InlineData(Precision.F32, 2, 1, 64, 17, new[] { 0, 17, 3, 17, 0, 2 }, 0)]
    [InlineData(Precision.F32, 2, 2, 40, 70, new[] { 0, 70, 66, 70 }, 9)]
    [InlineData(Precision.F32, 2, 1, 128, 67, new[] { 5, 61 }, 0)]
    public void Causal_attention_is_the_reference(Precision precision, int heads, int keyHeads, int size, int time, int[] ends, int window) =>
        Check(precision, new AttentionOptions(heads, keyHeads, size) { Windows = [null, window == 0 ? null : window] }, time, ends, isCausal: true);

    [Theory]
    [InlineData(Precision.BF16)]
    [InlineData(Precision.TF32)]
    public void Attention_to_both_sides_is_the_reference(Precision precision) =>
        Check(precision, new AttentionOptions(4, 2, 32), 75, [0, 75, 3, 70, 0, 1], isCausal: false);

    [Theory]
    [InlineData(Precision.BF16)]
    [InlineData(Precision.TF32)]
    [InlineData(Precision.F32)]
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

    /// <summary>Results in BF16 are rounded once more, to the nearest; what is read is rounded in any case.</summary>
    [Theory]
    [InlineData(2, 1, 64, 17, new[] { 0, 17, 3, 17, 0, 2 }, 0)]
    [InlineData(2, 2, 104, 35, new[] { 2, 35 }, 9)]
    public void Activations_in_BF16_are_read_and_written(int heads, int keyHeads, int size, int time, int[] ends, int window)
    {
        using var test = new GpuTest(fixture, new KernelTest(time, [.. ends.Chunk(2).Select(e => (e[0], e[1]))]));
        Check(test, Precision.BF16, new AttentionOptions(heads, keyHeads, size) { Windows = [null, window == 0 ? null : window] }, isCausal: true, DType.BF16);
    }

    /// <summary>A number that is none is not lost as its factor is split, whatever its bits.</summary>
    [Theory]
    [InlineData(0x7fc00000)]
    [InlineData(0x7fffffff)]
    [InlineData(0xffffffff)]
    [InlineData(0x7f800001)]
    public void What_is_no_number_stays_none(uint bits)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 5));
        KernelTest cpu = test.Cpu;
        CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(cpu, new AttentionOptions(1, 1, 32));
        Act<Query> q = cpu.Random<Query>(32, 1, 2), y = test.Copy(cpu.Empty<Query>(32));
        q.Row(3)[7] = BitConverter.UInt32BitsToSingle(bits);
        Act<KeyValue> k = test.Copy(cpu.Random<KeyValue>(32, 2, 2)), v = test.Copy(cpu.Random<KeyValue>(32, 3));
        SoftmaxAttention.Forward(test.Run, y, test.Copy(cpu.Empty<Own>(1)), test.Copy(q), k, v, attention);
        Assert.All(test.Floats(y)[(3 * 32)..(4 * 32)], value => Assert.True(float.IsNaN(value)));
        Assert.All(test.Floats(y)[..(3 * 32)], value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>Heads that don't fit, prefixes and caches have the bits of a run that does not round.</summary>
    [Theory]
    [InlineData(24, 0, false)]
    [InlineData(36, 0, false)]
    [InlineData(136, 0, false)]
    [InlineData(32, 3, false)]
    [InlineData(32, 0, true)]
    public void Others_stay_in_F32(int size, int prefix, bool generates)
    {
        Assert.Equal(Of(Precision.F32), Of(Precision.BF16));

        float[] Of(Precision precision)
        {
            using var test = new GpuTest(fixture, new KernelTest(1, 5));
            test.Run.Precision = precision;
            return Forward(test, size, prefix, generates);
        }
    }

    /// <summary>What the test above would not see of heads that are rounded.</summary>
    [Theory]
    [InlineData(32)]
    [InlineData(128)]
    public void Heads_that_fit_are_rounded(int size)
    {
        using GpuTest test = new(fixture, new KernelTest(1, 5)), exact = new(fixture, new KernelTest(1, 5));
        test.Run.Precision = Precision.TF32;
        Assert.NotEqual(Forward(exact, size, 0, generates: false), Forward(test, size, 0, generates: false));
    }

    private static float[] Forward(GpuTest test, int size, int prefixCount, bool generates)
    {
        KernelTest cpu = test.Cpu;
        CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(cpu, new AttentionOptions(2, 1, size));
        Act<Query> q = test.Copy(cpu.Random<Query>(2 * size, 1, 2)), y = test.Copy(cpu.Empty<Query>(2 * size));
        Act<KeyValue> k = test.Copy(cpu.Random<KeyValue>(size, 2, 2)), v = test.Copy(cpu.Random<KeyValue>(size, 3));
        Act<Own> lse = test.Copy(cpu.Empty<Own>(2));
        KeyValuePrefix prefix = prefixCount == 0 ? default : PrefixAttentionTests.Prefix(cpu, prefixCount, 1, size, out _);
        using Arena? arena = generates ? Arena.Create(test.Device, Purpose.Generation, new Widths(), 1, cpu.Rows, attention.Reserve) : null;
        SoftmaxAttention.Forward(test.Run, y, lse, q, k, v, attention, test.Copy(prefix));
        return test.Floats(y);
    }

    private void Check(Precision precision, AttentionOptions options, int time, int[] ends, bool isCausal)
    {
        using var test = new GpuTest(fixture, new KernelTest(time, [.. ends.Chunk(2).Select(e => (e[0], e[1]))]));
        Check(test, precision, options, isCausal);
    }

    private static void Check(GpuTest test, Precision precision, AttentionOptions options, bool isCausal, DType stored = DType.F32)
    {
        KernelTest cpu = test.Cpu;
        test.Run.Precision = precision;
        SoftmaxAttention<Query, KeyValue> attention = isCausal ? CausalAttentionTests.Layer(cpu, options) : BidirectionalAttentionTests.Layer(cpu, options);
        int width = options.Heads * options.HeadSize, keyWidth = options.KeyValueHeads * options.HeadSize;
        Act<Query> q = test.Copy(cpu.Random<Query>(width, 1, 2), stored), dy = test.Copy(cpu.Random<Query>(width, 4), stored);
        Act<Query> y = test.Copy(cpu.Empty<Query>(width), stored), dq = test.Copy(cpu.Empty<Query>(width), stored);
        Act<KeyValue> k = test.Copy(cpu.Random<KeyValue>(keyWidth, 2, 2), stored), v = test.Copy(cpu.Random<KeyValue>(keyWidth, 3), stored);
        Act<KeyValue> dk = test.Copy(cpu.Empty<KeyValue>(keyWidth), stored), dv = test.Copy(cpu.Empty<KeyValue>(keyWidth), stored);
        Act<Own> lse = test.Copy(cpu.Empty<Own>(options.Heads)), delta = test.Copy(cpu.Empty<Own>(options.Heads));
        RoundedAttention reference = precision switch
        {
            Precision.BF16 => new(options, cpu.Batch, isCausal, 1.0 / (1 << 8), value => (BFloat16)value),
            Precision.TF32 => new(options, cpu.Batch, isCausal, 1.0 / (1 << 11), TensorProductTests.TF32),
            // Of each factor 2^-21 may be lost, and of their product 2^-22.
            _ => new(options, cpu.Batch, isCausal, 5.0 / (1 << 22), value => value),
        };

        float[][] first = Pass(), again = Pass();

        (RoundedAttention.Result expectedY, RoundedAttention.Result expectedLse) = reference.Forward(test.Floats(q), test.Floats(k), test.Floats(v));
        Near(expectedY, first[0], "y", stored);
        Near(expectedLse, first[1], "lse");
        (RoundedAttention.Result expectedDq, RoundedAttention.Result expectedDk, RoundedAttention.Result expectedDv) =
            reference.Backward(test.Floats(dy), first[0], first[1], test.Floats(q), test.Floats(k), test.Floats(v));
        Near(expectedDq, first[2], "dq", stored);
        Near(expectedDk, first[3], "dk", stored);
        Near(expectedDv, first[4], "dv", stored);
        Assert.Equal(first, again);
        SoftmaxAttention.Backward(test.Run, Into.Add, dq, dk, dv, dy, y, q, k, v, lse, delta, attention);
        Assert.Equal(first[2..].Select(Twice), [test.Floats(dq), test.Floats(dk), test.Floats(dv)]);

        float[][] Pass()
        {
            SoftmaxAttention.Forward(test.Run, y, lse, q, k, v, attention);
            SoftmaxAttention.Backward(test.Run, Into.Set, dq, dk, dv, dy, y, q, k, v, lse, delta, attention);
            return [test.Floats(y), test.Floats(lse), test.Floats(dq), test.Floats(dk), test.Floats(dv)];
        }

        static float[] Twice(float[] values) => [.. values.Select(value => 2 * value)];
    }

    private static void Near(RoundedAttention.Result expected, float[] actual, string what, DType stored = DType.F32)
    {
        double worst = 0;
        int at = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double bound = expected.Bounds[i] + (stored == DType.BF16 ? Math.ScaleB(1, Math.ILogB(Math.Abs(expected.Values[i]) + expected.Bounds[i]) - 8) : 0);
            double distance = Math.Abs(expected.Values[i] - actual[i]), part = distance == 0 ? 0 : distance / bound;
            if (!(part <= worst))
                (worst, at) = (part, i);
        }
        Assert.True(
            worst <= 1, $"{what}[{at}] is {actual[at]:R}, expected {expected.Values[at]:R}: {worst:F2} of what rounding may cost, {expected.Bounds[at]:E2}");
    }
}
