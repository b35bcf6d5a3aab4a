using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

/// <summary>What the options of IST beside the published constants do.</summary>
public sealed class IstOptionsTests
{
    private const int Layers = 8;

    /// <summary>Suppressing a layer costs the more the lower it is: importance I rises with the layer.</summary>
    private static readonly LossProbe _probe = new(scales => 1 + scales.Select((scale, l) => (1 - scale) * (Layers - l)).Sum() / 100);

    [Fact]
    public void Sets_come_as_often_as_weighted_sampling_without_replacement_makes_them()
    {
        const int draws = 100_000;
        ImportanceSparseTuning ist = Learnt(new IstOptions { ActiveLayers = 3, StepSize = 100 });
        double[] weights = [.. ist.Importance.ToArray().Select(i => 1 / (1 + Math.Exp(i)))];
        Assert.True(weights.Max() / weights.Min() > 2);
        int[] seen = new int[1 << Layers];
        var plan = new LayerPlan(Layers, trainsInput: false);
        for (int step = 0; step < draws; step++)
        {
            ist.Select(step, plan);
            seen[Policies.Trained(plan).Sum(l => 1 << l)]++;
        }

        // A set comes in any of its orders; each layer is drawn by its weight among those that are left.
        double[] exact = new double[1 << Layers];
        double total = weights.Sum();
        for (int a = 0; a < Layers; a++)
        {
            for (int b = 0; b < Layers; b++)
            {
                for (int c = 0; c < Layers; c++)
                {
                    if (a != b && b != c && a != c)
                        exact[1 << a | 1 << b | 1 << c] += weights[a] / total * weights[b] / (total - weights[a]) * weights[c] / (total - weights[a] - weights[b]);
                }
            }
        }
        Assert.Equal(1, exact.Sum(), 1e-12);
        double chiSquared = 0;
        for (int set = 0; set < exact.Length; set++)
        {
            if (exact[set] > 0)
                chiSquared += (seen[set] - draws * exact[set]) * (seen[set] - draws * exact[set]) / (draws * exact[set]);
            else
                Assert.Equal(0, seen[set]);
        }
        // 99.9th percentile with 55 degrees of freedom; uniform draws of three would be thousands away.
        Assert.InRange(chiSquared, 0, 93.2);
    }

    [Fact]
    public void The_top_draw_takes_the_most_important_layers_and_of_equal_ones_the_highest()
    {
        var plan = new LayerPlan(Layers, trainsInput: false);
        var fresh = new ImportanceSparseTuning(Layers, 5, new IstOptions { Draw = LayerDrawKind.Top });
        fresh.Select(0, plan);
        Assert.Equal([6, 7], Policies.Trained(plan));

        ImportanceSparseTuning ist = Learnt(new IstOptions { Draw = LayerDrawKind.Top });
        int[] expected = [.. Enumerable.Range(0, Layers).OrderBy(l => ist.Importance[l]).Take(2).Order()];
        for (int step = 0; step < 50; step++)
        {
            ist.Select(step, plan);
            Assert.Equal(expected, Policies.Trained(plan));
        }
    }

    [Fact]
    public void The_control_trains_what_IST_leaves_out()
    {
        int[] ist = Counts(Learnt(new IstOptions { StepSize = 100 })), flipped = Counts(Learnt(new IstOptions { StepSize = 100 }, flipped: true));
        Assert.True(ist[0] > 2 * flipped[0] && flipped[7] > 2 * ist[7], $"{string.Join(' ', ist)} and {string.Join(' ', flipped)}");

        static int[] Counts(ImportanceSparseTuning policy)
        {
            var plan = new LayerPlan(Layers, trainsInput: false);
            int[] counts = new int[Layers];
            for (int step = 0; step < 4000; step++)
            {
                policy.Select(step, plan);
                foreach (int layer in Policies.Trained(plan))
                    counts[layer]++;
            }
            return counts;
        }
    }

    [Fact]
    public void A_truncated_draw_never_touches_the_layers_below()
    {
        ImportanceSparseTuning ist = Learnt(new IstOptions { Truncate = 3, ActiveLayers = 2, StepSize = 100 });
        Assert.Equal(5, ist.LowestLayer);
        Assert.Equal([0, 0, 0, 0, 0], ist.Importance[..5].ToArray());
        Assert.DoesNotContain(0, ist.Importance[5..].ToArray());
        Assert.All(ist.CandidateSets, set => Assert.InRange(Assert.Single(set), 5, 7)); // Half of three.
        double depth = 0;
        var plan = new LayerPlan(Layers, trainsInput: false);
        var even = new ImportanceSparseTuning(Layers, 5, new IstOptions { Truncate = 3, ActiveLayers = 2 });
        for (int step = 0; step < 30000; step++)
        {
            even.Select(step, plan);
            Assert.InRange(plan.Lowest, 5, 6);
            depth += plan.Depth / 30000.0;
        }
        // Layer 5 is in two pairs of three: the depth is 3 then, and 2 otherwise. The deviation of the mean is 0.0027.
        Assert.Equal(2 + 2 / 3.0, depth, 0.011);
    }

    [Fact]
    public void In_the_warm_up_every_layer_is_trained_and_none_is_probed()
    {
        var ist = new ImportanceSparseTuning(Layers, 5, new IstOptions { WarmupSteps = 15, Truncate = 6 });
        var plan = new LayerPlan(Layers, trainsInput: false);
        for (int step = 0; step < 40; step++)
        {
            Assert.Equal(step is 20 or 30, ist.NeedsProbe(step));
            ist.Select(step, plan);
            Assert.Equal(step < 15 ? 6 : 2, plan.Active);
        }
        Assert.Equal(6, ist.ActiveLayers);
    }

    [Theory]
    [InlineData(9, null, null, "truncate is 9, but the model has 8 layers; give 1 to 8.")]
    [InlineData(0, null, null, "truncate is 0, but the model has 8 layers; give 1 to 8.")]
    [InlineData(3, 4, null, "active-layers is 4, but truncate leaves 3 layers to choose from; give 1 to 3.")]
    [InlineData(3, null, 4, "suppressed-layers is 4, but truncate leaves 3 layers to choose from; give 0 to 3.")]
    public void Numbers_that_do_not_fit_are_refused(int truncate, int? active, int? suppressed, string message)
    {
        var options = new IstOptions { Truncate = truncate, ActiveLayers = active, SuppressedLayers = suppressed };
        Assert.Equal(message, Assert.Throws<InputException>(() => new ImportanceSparseTuning(Layers, 1, options)).Message);
    }

    [Fact]
    public void A_draw_of_more_layers_than_are_left_takes_those() => Assert.Equal(1, new ImportanceSparseTuning(Layers, 1, new IstOptions { Truncate = 1 }).ActiveLayers);

    private static ImportanceSparseTuning Learnt(IstOptions options, bool flipped = false)
    {
        ImportanceSparseTuning ist = flipped ? new FlippedSparseTuning(Layers, 5, options) : new ImportanceSparseTuning(Layers, 5, options);
        for (int step = 10; step <= 200; step += 10)
            ist.Probe(step, _probe);
        return ist;
    }
}
