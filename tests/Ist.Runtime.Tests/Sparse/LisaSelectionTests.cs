using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

public sealed class LisaSelectionTests
{
    [Fact]
    public void Two_layers_are_drawn_every_twenty_steps_each_as_often_as_the_others()
    {
        const int layers = 8, draws = 4000;
        var policy = new LisaSelection(layers, seed: 42);
        var plan = new LayerPlan(layers, trainsInput: false);
        int[] trained = new int[layers];
        for (int draw = 0; draw < draws; draw++)
        {
            policy.Select(20 * draw, plan);
            int[] first = Policies.Trained(plan);
            policy.Select(20 * draw + 19, plan);
            Assert.Equal(first, Policies.Trained(plan));
            Assert.Equal(2, first.Length);
            foreach (int layer in first)
                trained[layer]++;
        }

        // A layer is drawn with probability 1/4: deviation sqrt(4000 x 1/4 x 3/4) = 27.4.
        Assert.All(trained, count => Assert.InRange(count, 1000 - 4 * 27.4, 1000 + 4 * 27.4));
    }

    [Fact]
    public void A_stack_of_one_layer_has_one_to_draw() => Assert.Equal(1, new LisaSelection(1, 3).ActiveLayers);

    [Fact]
    public void Numbers_without_meaning_are_refused()
    {
        Assert.Equal("lisa's interval is 0; give 1 or more.", Assert.Throws<InputException>(() => new LisaSelection(4, 3, interval: 0)).Message);
        Assert.Equal("active-layers is 5, but the model has 4 layers; give 1 to 4.", Assert.Throws<InputException>(() => new LisaSelection(4, 3, 5)).Message);
    }
}
