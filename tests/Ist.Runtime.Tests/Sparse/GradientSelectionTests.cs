using Ist.Runtime.Sparse;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Sparse;

public sealed class GradientSelectionTests
{
    private const int Layers = 7;

    [Fact]
    public void Every_layer_is_seen_before_any_is_seen_again()
    {
        var policy = new GradientSelection(Layers, 42, new GradientSelectionOptions { ActiveLayers = 2 });
        var seen = new List<int>();
        for (int step = 0; step < 4; step++)
            seen.AddRange(Step(policy, step, [5, 5, 5, 5, 5, 5, 5]));

        // Three steps see six of seven layers; the fourth the last one, and one by its gradient.
        Assert.Distinct(seen.Take(6));
        Assert.Equal(Enumerable.Range(0, Layers), seen.Distinct().Order());
    }

    [Fact]
    public void Draws_follow_the_gradients_and_the_exploration()
    {
        const int steps = 40000;
        double[] norms = [1, 2, 0, 4, 1, 8, 4];
        var policy = new GradientSelection(Layers, 42, new GradientSelectionOptions { ActiveLayers = 1, Exploration = .14 });
        int[] trained = new int[Layers];
        for (int step = 0; step < Layers + steps; step++)
        {
            int layer = Assert.Single(Step(policy, step, norms));
            trained[layer] += step < Layers ? 0 : 1;
        }

        Assert.Equal(norms, policy.Means.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        double chiSquared = 0;
        for (int l = 0; l < Layers; l++)
        {
            double expected = steps * (.86 * norms[l] / 20 + .02);
            chiSquared += (trained[l] - expected) * (trained[l] - expected) / expected;
        }
        // 99.9th percentile with 6 degrees of freedom.
        Assert.InRange(chiSquared, 0, 22.46);
    }

    [Fact]
    public void A_mean_moves_only_when_its_layer_is_trained()
    {
        var policy = new GradientSelection(2, 42, new GradientSelectionOptions { ActiveLayers = 1, Decay = .75 });
        var plan = new LayerPlan(2, trainsInput: false);
        plan.TrainOnly([1]);
        policy.Observe(plan, [0, 8]);
        policy.Observe(plan, [0, 4]);
        Assert.Equal([0, .75 * 8 + .25 * 4], policy.Means.ToArray());
    }

    [Fact]
    public void Layers_without_gradients_are_drawn_all_the_same()
    {
        var policy = new GradientSelection(Layers, 42, new GradientSelectionOptions());
        HashSet<int> drawn = [.. Enumerable.Range(0, 200).SelectMany(step => Step(policy, step, new double[Layers]))];
        Assert.Equal(Layers, drawn.Count);
    }

    [Fact]
    public void Selecting_allocates_nothing()
    {
        var policy = new GradientSelection(Layers, 42, new GradientSelectionOptions());
        var plan = new LayerPlan(Layers, trainsInput: false);
        double[] norms = [1, 2, 3, 4, 5, 6, 7];
        policy.Select(0, plan);
        policy.Observe(plan, norms);
        Assert.Equal(0, Allocations.Of(() =>
        {
            policy.Select(1, plan);
            policy.Observe(plan, norms);
        }));
    }

    [Fact]
    public void Constants_without_meaning_are_refused()
    {
        Assert.Equal("exploration is 0; give more than 0 and at most 1.", Refusal(new GradientSelectionOptions { Exploration = 0 }));
        Assert.Equal("gradient-decay is 1; give 0 or more and less than 1.", Refusal(new GradientSelectionOptions { Decay = 1 }));
        Assert.Equal("active-layers is 8, but the model has 7 layers; give 1 to 7.", Refusal(new GradientSelectionOptions { ActiveLayers = 8 }));

        static string Refusal(GradientSelectionOptions options) => Assert.Throws<InputException>(() => new GradientSelection(Layers, 42, options)).Message;
    }

    private static int[] Step(GradientSelection policy, int step, double[] norms)
    {
        var plan = new LayerPlan(policy.Means.Length, trainsInput: false);
        policy.Select(step, plan);
        policy.Observe(plan, [.. norms.Select((norm, l) => plan.Trains(l) ? norm : 0)]);
        return Policies.Trained(plan);
    }
}
