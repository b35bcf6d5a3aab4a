using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

public sealed class RandomSelectionTests
{
    [Fact]
    public void Every_layer_is_as_likely_as_the_others()
    {
        const int layers = 10, steps = 20000;
        var policy = new RandomSelection(layers, seed: 42);
        var plan = new LayerPlan(layers, trainsInput: false);
        int[] trained = new int[layers];
        for (int step = 0; step < steps; step++)
        {
            policy.Select(step, plan);
            Assert.Equal(2, plan.Active);
            for (int l = 0; l < layers; l++)
                trained[l] += plan.Trains(l) ? 1 : 0;
        }

        // A layer is trained with probability 1/5: deviation sqrt(20000 x 0.2 x 0.8) = 57.
        Assert.All(trained, count => Assert.InRange(count, 4000 - 4 * 57, 4000 + 4 * 57));
        Assert.False(((ISelectionPolicy)policy).NeedsProbe(10));
    }

    [Fact]
    public void All_layers_trains_them_all()
    {
        var policy = new AllLayers(5);
        var plan = new LayerPlan(5, trainsInput: false);
        plan.TrainOnly([2]);
        policy.Select(3, plan);
        Assert.Equal(5, plan.Active);
        Assert.Equal(0, plan.Lowest);
        Assert.Equal(5, policy.ActiveLayers);
    }
}
