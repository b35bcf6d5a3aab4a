using Ist.Runtime.Data;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Data;

public sealed class BatchOrderTests
{
    [Fact]
    public void Each_epoch_has_every_example_once_in_an_order_of_its_own()
    {
        int[] order = Take(new BatchOrder(50, seed: 3), 150);

        Assert.All(order.Chunk(50), epoch => Assert.Equal(Enumerable.Range(0, 50), epoch.Order()));
        Assert.NotEqual(order[..50], order[50..100]);
        Assert.NotEqual(order[..50], order[100..]);
        Assert.NotEqual(Enumerable.Range(0, 50), order[..50]);
    }

    [Fact]
    public void The_order_depends_on_the_seed_alone()
    {
        int[] order = Take(new BatchOrder(50, seed: 3), 120);

        Assert.Equal(order, Take(new BatchOrder(50, seed: 3), 120));
        Assert.NotEqual(order, Take(new BatchOrder(50, seed: 4), 120));
    }

    [Fact]
    public void The_size_of_batches_does_not_matter()
    {
        var order = new BatchOrder(10, seed: 3);
        int[] pieces = [.. Take(order, 3), .. Take(order, 4), .. Take(order, 25)];

        Assert.Equal(Take(new BatchOrder(10, seed: 3), 32), pieces);
        Assert.Equal(32, order.ExamplesSeen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(113)]
    public void A_resumed_order_goes_on_where_it_was(long seen)
    {
        int[] order = Take(new BatchOrder(50, seed: 3), 160);
        var resumed = new BatchOrder(50, seed: 3);
        Take(resumed, 90);

        resumed.Seek(seen);

        Assert.Equal(order[(int)seen..], Take(resumed, 160 - (int)seen));
    }

    [Fact]
    public void Every_order_is_about_equally_frequent()
    {
        var order = new BatchOrder(3, seed: 11);
        var counts = new Dictionary<string, int>();
        for (int epoch = 0; epoch < 6000; epoch++)
        {
            string key = string.Join(',', Take(order, 3));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        // 1000 expected of each of the six; the standard deviation is 29.
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, n => Assert.InRange(n, 870, 1130));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var order = new BatchOrder(20, seed: 3);
        int[] batch = new int[8];
        order.Next(batch);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
                order.Next(batch);
        }));
    }

    private static int[] Take(BatchOrder order, int count)
    {
        int[] indices = new int[count];
        order.Next(indices);
        return indices;
    }
}
