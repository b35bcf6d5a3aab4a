using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>Examples that share rows have the bits that each has in a row of its own, whose attention other tests hold against the reference.</summary>
public sealed unsafe class PackedAttentionTests
{
    private const int Heads = 4, KeyHeads = 2, Size = 12, Width = Heads * Size, KeyWidth = KeyHeads * Size, MaxLength = 400;

    private static readonly DataSet _data = new([.. ((int[])[130, 1, 70, 300, 33, 64, 2, 257, 16, 5]).Select(length => new Example(new int[length], new int[length]))]);

    private static readonly PackedRows _rows = PackedRows.Of(_data, MaxLength, prompt: 0, seed: 1);

    // The same order as in the rows, so that gradients of a prefix are added up likewise.
    private static readonly int[] _examples = [.. Enumerable.Range(0, _rows.Count).SelectMany(row => _rows[row].ToArray())];

    [Theory]
    [InlineData(1, null, null, false, 0)]
    [InlineData(2, null, null, false, 0)]
    [InlineData(7, null, null, false, 0)]
    [InlineData(2, 1, null, false, 0)]
    [InlineData(2, 20, null, false, 0)]
    [InlineData(7, 140, null, false, 0)]
    [InlineData(2, null, 1.5, true, 0)]
    [InlineData(2, 90, 1.5, true, 0)]
    [InlineData(2, null, null, false, 5)]
    [InlineData(7, 40, 1.5, true, 70)]
    public void Rows_of_their_own(int threads, int? window, double? cap, bool alibi, int prefix)
    {
        var options = new AttentionOptions(Heads, KeyHeads, Size) { Windows = [null, window], Softcap = cap, Alibi = alibi };
        Check(threads, test => CausalAttentionTests.Layer(test, options), prefix);
    }

    [Fact]
    public void Rows_of_their_own_where_both_sides_are_seen() =>
        Check(2, test => BidirectionalAttentionTests.Layer(test, new AttentionOptions(Heads, KeyHeads, Size)), 0);

    /// <summary>Padding holds NaN, as what a kernel must not read.</summary>
    private static void Check(int threads, Func<KernelTest, SoftmaxAttention<Query, KeyValue>> layer, int prefix)
    {
        Assert.InRange(_rows.Count, 2, _examples.Length - 3);
        using var packed = new KernelTest(_rows.Count, MaxLength, threads);
        packed.Batch.Fill(_data.Examples, _rows, [.. Enumerable.Range(0, _rows.Count)]);
        using var apart = new KernelTest(_examples.Length, _data.Longest, threads: 1);
        apart.Batch.Fill(_data.Examples, _examples);

        float[][] expected = Run(apart, layer(apart), prefix), actual = Run(packed, layer(packed), prefix);

        for (int i = 0; i < expected.Length; i++)
            Assert.True(expected[i].SequenceEqual(actual[i]), $"{i}");
    }

    // Results and gradients of all real rows, example by example; those of padding must be 0.
    private static float[][] Run(KernelTest test, SoftmaxAttention<Query, KeyValue> attention, int count)
    {
        KeyValuePrefix prefix = count == 0 ? default : PrefixAttentionTests.Prefix(test, count, 1, KeyWidth, out _);
        Act<Query> q = Random<Query>(test, Width, 1), dy = Random<Query>(test, Width, 4), y = test.Empty<Query>(Width), dq = test.Empty<Query>(Width);
        Act<KeyValue> k = Random<KeyValue>(test, KeyWidth, 2), v = Random<KeyValue>(test, KeyWidth, 3);
        Act<KeyValue> dk = test.Empty<KeyValue>(KeyWidth), dv = test.Empty<KeyValue>(KeyWidth);
        Act<Own> lse = test.Empty<Own>(Heads), dlse = test.Empty<Own>(Heads);
        SoftmaxAttention.Forward(test.Run, y, lse, q, k, v, attention, prefix);
        SoftmaxAttention.Backward(test.Run, Into.Set, dq, dk, dv, dy, y, q, k, v, lse, dlse, attention, prefix);
        float[] ofPrefix = count == 0 ? [] : new ReadOnlySpan<float>(prefix.KeyGradients, count * prefix.Stride).ToArray();
        return [Real(test, y), Real(test, lse), Real(test, dq), Real(test, dk), Real(test, dv), ofPrefix];
    }

    private static Act<W> Random<W>(KernelTest test, int width, int seed) where W : IWidth
    {
        Act<W> act = test.Empty<W>(width);
        for (int s = 0; s < test.Batch.Segments; s++)
            Numbers.Fill(Room(test, act, s)[..(test.Batch.SegmentEnd[s] * width)], seed + 10 * s, 2);
        return act;
    }

    private static float[] Real<W>(KernelTest test, Act<W> act) where W : IWidth
    {
        var real = new List<float>();
        for (int s = 0; s < test.Batch.Segments; s++)
        {
            Span<float> room = Room(test, act, s);
            real.AddRange(room[..(test.Batch.SegmentEnd[s] * act.Width)]);
            Assert.Equal(-1, room[(test.Batch.SegmentEnd[s] * act.Width)..].IndexOfAnyExcept(0f));
        }
        return [.. real];
    }

    private static Span<float> Room<W>(KernelTest test, Act<W> act, int segment) where W : IWidth
    {
        int first = test.Batch.SegmentRows[segment];
        return new Span<float>(act.Data + first * act.Width, (test.Batch.SegmentRows[segment + 1] - first) * act.Width);
    }
}
