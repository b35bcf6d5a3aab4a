using Ist.Runtime.Numerics;
using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

public sealed class LayerDrawTests
{
    private const int Draws = 40000;

    [Fact]
    public void Pairs_come_as_often_as_successive_draws_make_them()
    {
        double[] weights = [.5, .3775, .6225, .2689];
        var seen = new Dictionary<(int, int), int>();
        Span<int> drawn = stackalloc int[2];
        for (int step = 0; step < Draws; step++)
        {
            new LayerDraw(42, step, RandomUse.TrainedLayers).WithoutReplacement(weights, drawn);
            seen[(drawn[0], drawn[1])] = seen.GetValueOrDefault((drawn[0], drawn[1])) + 1;
        }

        Assert.Equal(12, seen.Count);
        double total = weights.Sum(), chiSquared = 0;
        foreach (((int first, int second), int count) in seen)
        {
            double expected = Draws * (weights[first] / total) * (weights[second] / (total - weights[first]));
            chiSquared += (count - expected) * (count - expected) / expected;
        }
        // 99.9th percentile of chi-squared with 11 degrees of freedom.
        Assert.InRange(chiSquared, 0, 31.26);
    }

    [Fact]
    public void A_step_draws_the_same_whatever_was_drawn_before()
    {
        double[] weights = [1, 2, 3, 4, 5, 6, 7, 8];
        int[] alone = new int[5], after = new int[5];
        new LayerDraw(7, 1234, RandomUse.TrainedLayers).WithoutReplacement(weights, alone);
        for (int step = 0; step <= 1234; step++)
            new LayerDraw(7, step, RandomUse.TrainedLayers).WithoutReplacement(weights, after);

        Assert.Equal(alone, after);
        new LayerDraw(7, 1234, RandomUse.SuppressedLayers).WithoutReplacement(weights, after);
        Assert.NotEqual(alone, after);
    }

    [Fact]
    public void Weights_that_vanish_are_drawn_last()
    {
        int[] drawn = new int[3];
        for (int step = 0; step < 100; step++)
        {
            new LayerDraw(1, step, RandomUse.TrainedLayers).WithoutReplacement([0, 1, 0], drawn);
            Assert.Equal(1, drawn[0]);
            Assert.Equal([0, 1, 2], drawn.Order());
        }
    }
}
