using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class SplitHeadsTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 5, 6, 2, 20)]
    [InlineData(3, 61, 4, 4, 37)]
    public void SplitQkv_takes_a_row_apart_and_puts_its_gradient_together(int sequences, int time, int heads, int keyHeads, int size)
    {
        using var test = new KernelTest(sequences, time);
        int q = heads * size, k = keyHeads * size;
        Act<QueryKeyValue> fused = test.Random<QueryKeyValue>(q + 2 * k, 1), dfused = test.Empty<QueryKeyValue>(q + 2 * k);
        Act<Query> query = test.Empty<Query>(q);
        Act<KeyValue> key = test.Empty<KeyValue>(k), value = test.Empty<KeyValue>(k);

        SplitQkv.Forward(test.Run, query, key, value, fused);
        SplitQkv.BackwardSet(test.Run, dfused, query, key, value);

        for (int row = 0; row < test.Rows; row++)
        {
            Assert.Equal(fused.Row(row)[..q], query.Row(row));
            Assert.Equal(fused.Row(row)[q..(q + k)], key.Row(row));
            Assert.Equal(fused.Row(row)[(q + k)..], value.Row(row));
        }
        Assert.Equal(test.Doubles(fused), test.Doubles(dfused));
        SplitQkv.BackwardAdd(test.Run, dfused, query, key, value);
        Assert.Equal(Numbers.Sum(test.Doubles(fused), test.Doubles(fused)), test.Doubles(dfused));
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 5, 6, 20)]
    [InlineData(3, 61, 4, 37)]
    public void SplitHeads_takes_each_head_apart(int sequences, int time, int heads, int size)
    {
        using var test = new KernelTest(sequences, time);
        int width = heads * size;
        SplitHeads<QueryKeyValue, Query, KeyValue> split = Layer(test, heads, size);
        Act<QueryKeyValue> fused = test.Random<QueryKeyValue>(3 * width, 1), dfused = test.Empty<QueryKeyValue>(3 * width);
        Act<Query> query = test.Empty<Query>(width);
        Act<KeyValue> key = test.Empty<KeyValue>(width), value = test.Empty<KeyValue>(width);

        SplitHeads.Forward(test.Run, query, key, value, fused, split);
        SplitHeads.BackwardSet(test.Run, dfused, query, key, value, split);

        for (int row = 0; row < test.Rows; row++)
        {
            for (int h = 0; h < heads; h++)
            {
                ReadOnlySpan<float> head = fused.Row(row).Slice(h * 3 * size, 3 * size);
                Assert.Equal(head[..size], query.Row(row).Slice(h * size, size));
                Assert.Equal(head[size..(2 * size)], key.Row(row).Slice(h * size, size));
                Assert.Equal(head[(2 * size)..], value.Row(row).Slice(h * size, size));
            }
        }
        Assert.Equal(test.Doubles(fused), test.Doubles(dfused));
        SplitHeads.BackwardAdd(test.Run, dfused, query, key, value, split);
        Assert.Equal(Numbers.Sum(test.Doubles(fused), test.Doubles(fused)), test.Doubles(dfused));
    }

    internal static SplitHeads<QueryKeyValue, Query, KeyValue> Layer(KernelTest test, int heads, int size) => test.Layer(
        scope => new SplitHeads<QueryKeyValue, Query, KeyValue>(scope), new Widths(), new ModelOptions().Set(new AttentionOptions(heads, heads, size)),
        DType.F32, false, out _, out _);
}
