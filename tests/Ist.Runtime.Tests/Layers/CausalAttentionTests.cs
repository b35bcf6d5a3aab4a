using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class CausalAttentionTests
{
    public static TheoryData<int, int, int, int, int[]> Shapes => new()
    {
        { 1, 1, 12, 1, [0, 1] },
        { 2, 1, 16, 7, [0, 7, 3, 7, 0, 2] },
        { 3, 3, 12, 67, [0, 67, 66, 67] },
        { 4, 2, 64, 131, [5, 120] },
        { 2, 2, 80, 65, [0, 65] },
        { 4, 1, 16, 300, [0, 300, 263, 300, 0, 257] },
        { 1, 1, 128, 20, [1, 19] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_and_backward_are_the_references(int heads, int keyHeads, int size, int time, int[] ends) =>
        CheckAgainstReference(heads, keyHeads, size, time, ends, null);

    /// <summary>Windows of one token, of some, of about a tile of keys and of more than the sequence; starts within and before a window.</summary>
    [Theory]
    [InlineData(2, 1, 16, 7, new[] { 0, 7, 3, 7, 0, 2 }, 1)]
    [InlineData(2, 1, 16, 7, new[] { 0, 7, 3, 7, 0, 2 }, 3)]
    [InlineData(3, 3, 12, 67, new[] { 0, 67, 61, 67 }, 5)]
    [InlineData(4, 2, 64, 131, new[] { 5, 120 }, 64)]
    [InlineData(2, 2, 20, 131, new[] { 0, 131, 70, 131 }, 130)]
    [InlineData(2, 2, 20, 131, new[] { 0, 131, 70, 131 }, 4096)]
    [InlineData(4, 1, 16, 600, new[] { 0, 600, 263, 600, 0, 257 }, 17)]
    [InlineData(2, 1, 16, 600, new[] { 0, 600, 300, 590 }, 255)]
    [InlineData(2, 1, 16, 600, new[] { 0, 600 }, 300)]
    public void A_window_hides_what_lies_before_it(int heads, int keyHeads, int size, int time, int[] ends, int window) =>
        CheckAgainstReference(heads, keyHeads, size, time, ends, window);

    private static void CheckAgainstReference(int heads, int keyHeads, int size, int time, int[] ends, int? window)
    {
        using var test = new AttentionCase(new AttentionOptions(heads, keyHeads, size) { Windows = [null, window] }, time, ends);
        test.CheckCausal();
    }

    [Fact]
    public void Add_adds_what_Set_sets()
    {
        using var test = new KernelTest(70, [(0, 70), (9, 66)]);
        CausalAttention<Query, KeyValue> attention = Layer(test, 4, 2, 12);
        Act<Query> q = test.Random<Query>(48, 1), dy = test.Random<Query>(48, 4), y = test.Empty<Query>(48);
        Act<KeyValue> k = test.Random<KeyValue>(24, 2), v = test.Random<KeyValue>(24, 3);
        Act<Query> set = test.Empty<Query>(48), add = test.Random<Query>(48, 5), before = test.Random<Query>(48, 5);
        Act<KeyValue> setK = test.Empty<KeyValue>(24), addK = test.Random<KeyValue>(24, 6), beforeK = test.Random<KeyValue>(24, 6);
        Act<KeyValue> setV = test.Empty<KeyValue>(24), addV = test.Random<KeyValue>(24, 7), beforeV = test.Random<KeyValue>(24, 7);
        Act<Own> lse = test.Empty<Own>(4), dlse = test.Empty<Own>(4);
        CausalAttention.Forward(test.Run, y, lse, q, k, v, attention);

        CausalAttention.BackwardSet(test.Run, set, setK, setV, dy, y, q, k, v, lse, dlse, attention);
        CausalAttention.BackwardAdd(test.Run, add, addK, addV, dy, y, q, k, v, lse, dlse, attention);

        Numbers.Near(1e-6, Numbers.Sum(test.Doubles(before), test.Doubles(set)), test.Doubles(add), "dq");
        Numbers.Near(1e-6, Numbers.Sum(test.Doubles(beforeK), test.Doubles(setK)), test.Doubles(addK), "dk");
        Numbers.Near(1e-6, Numbers.Sum(test.Doubles(beforeV), test.Doubles(setV)), test.Doubles(addV), "dv");
    }

    [Fact]
    public void Rows_of_padding_are_zero()
    {
        using var test = new KernelTest(9, [(3, 7)]);
        CausalAttention<Query, KeyValue> attention = Layer(test, 2, 1, 4);
        Act<Query> q = test.Random<Query>(8, 1), y = test.Empty<Query>(8), dq = test.Empty<Query>(8);
        Act<KeyValue> k = test.Random<KeyValue>(4, 2), dk = test.Empty<KeyValue>(4), dv = test.Empty<KeyValue>(4);
        Act<Own> lse = test.Empty<Own>(2), dlse = test.Empty<Own>(2);

        CausalAttention.Forward(test.Run, y, lse, q, k, k, attention);
        CausalAttention.BackwardSet(test.Run, dq, dk, dv, q, y, q, k, k, lse, dlse, attention);

        foreach (int row in (int[])[0, 1, 2, 7, 8])
        {
            Assert.Equal(new float[8], y.Row(row));
            Assert.Equal(new float[2], lse.Row(row));
            Assert.Equal(new float[8], dq.Row(row));
            Assert.Equal(new float[4], dk.Row(row));
            Assert.Equal(new float[4], dv.Row(row));
        }
    }

    /// <summary>A prompt of 250 tokens, then 20 at once, then one by one: the same bits as all 275 together.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData(3, false)]
    [InlineData(40, false)]
    [InlineData(260, false)]
    [InlineData(null, true)]
    [InlineData(260, true)]
    public void Generation_from_the_cache_has_the_bits_of_the_whole_text(int? window, bool bent)
    {
        const int heads = 4, keyHeads = 2, size = 12, time = 275;
        using var test = new KernelTest(1, time);
        CausalAttention<Query, KeyValue> attention = Layer(
            test, new AttentionOptions(heads, keyHeads, size) { Windows = [null, window], Softcap = bent ? 1.5 : null, Alibi = bent });
        Act<Query> q = test.Random<Query>(heads * size, 1), whole = test.Empty<Query>(heads * size), y = test.Empty<Query>(heads * size);
        Act<KeyValue> k = test.Random<KeyValue>(keyHeads * size, 2), v = test.Random<KeyValue>(keyHeads * size, 3);
        Act<Own> lse = test.Empty<Own>(heads);
        CausalAttention.Forward(test.Run, whole, lse, q, k, v, attention);
        using Arena arena = Arena.Create(test.Cpu, Purpose.Generation, new Widths(), 1, time, attention.Reserve);

        int past = 0;
        foreach (int count in (int[])[250, 20, 1, 1, 1, 1, 1])
        {
            test.Batch.Fill(new int[count], past);
            CausalAttention.Forward(
                test.Run, From(y, past), From(lse, past), From(q, past), From(k, past), From(v, past), attention);
            past += count;
        }

        Assert.Equal(time, past);
        Assert.Equal(whole.Rows(time), y.Rows(time));
        test.Batch.Fill(new int[1], past);
        Assert.Throws<InvalidOperationException>(() => CausalAttention.Forward(test.Run, y, lse, q, k, v, attention));
    }

    /// <summary>Keys before every row's window are not read: a NaN there changes nothing.</summary>
    [Fact]
    public void Tiles_before_the_window_are_skipped()
    {
        const int time = 600, window = 30;
        using var test = new KernelTest(1, time);
        CausalAttention<Query, KeyValue> attention = Layer(test, 2, 1, 8, window);
        Act<Query> q = test.Random<Query>(16, 1), y = test.Empty<Query>(16);
        Act<KeyValue> k = test.Random<KeyValue>(8, 2), v = test.Random<KeyValue>(8, 3);
        Act<Own> lse = test.Empty<Own>(2);
        using Arena arena = Arena.Create(test.Cpu, Purpose.Generation, new Widths(), 1, time, attention.Reserve);
        test.Batch.Fill(new int[599], 0);
        CausalAttention.Forward(test.Run, y, lse, q, k, v, attention);
        float[] expected = Last();

        new Span<float>(attention.Cache!.Keys, 512 * 8).Fill(float.NaN);
        new Span<float>(attention.Cache.Values, 512 * 8).Fill(float.NaN);

        Assert.Equal(expected, Last());
        Assert.DoesNotContain(float.NaN, expected);

        float[] Last()
        {
            test.Batch.Fill(new int[1], 599);
            CausalAttention.Forward(test.Run, y, lse, From(q, 599), From(k, 599), From(v, 599), attention);
            return y.Row(0).ToArray();
        }
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(2)]
    public void The_reference_is_its_own_derivative(int window)
    {
        var reference = new ReferenceAttention(4, 2, 3, 5, [(0, 5), (1, 4)], window);
        double[] q = Numbers.Random(2 * 5 * 12, 1), k = Numbers.Random(2 * 5 * 6, 2), v = Numbers.Random(2 * 5 * 6, 3), dy = Numbers.Random(q.Length, 4);
        (double[] dq, double[] dk, double[] dv) = reference.Backward(dy, q, k, v);
        FiniteDifferences.Check(x => reference.Forward(x, k, v), q, dy, dq, "dq");
        FiniteDifferences.Check(x => reference.Forward(q, x, v), k, dy, dk, "dk");
        FiniteDifferences.Check(x => reference.Forward(q, k, x), v, dy, dv, "dv");
    }

    internal static CausalAttention<Query, KeyValue> Layer(KernelTest test, int heads, int keyHeads, int size, int? window = null) =>
        Layer(test, new AttentionOptions(heads, keyHeads, size) { Windows = window is null ? [] : [null, window] });

    internal static CausalAttention<Query, KeyValue> Layer(KernelTest test, AttentionOptions options) => test.Layer(
        scope => new CausalAttention<Query, KeyValue>(scope.InLayer(1)), new Widths(), new ModelOptions().Set(options),
        DType.F32, false, out _, out _);

    private static Act<W> From<W>(Act<W> act, int row) where W : IWidth => new(act.Data + row * act.Width, act.Width);
}
