using Ist.Runtime.Sparse;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Sparse;

public sealed class ImportanceSparseTuningTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 1, 3)]
    [InlineData(4, 1, 3)]
    [InlineData(5, 1, 3)]
    [InlineData(12, 3, 3)]
    [InlineData(32, 8, 3)]
    public void Counts_follow_the_published_defaults(int layers, int active, int probesAnEvent)
    {
        var ist = new ImportanceSparseTuning(layers, 42, new IstOptions());
        List<float[]> seen = [];
        var probe = new LossProbe(scales =>
        {
            seen.Add([.. scales]);
            return scales.Sum();
        });
        for (int step = 0; step < 31; step++)
        {
            Assert.Equal(probesAnEvent > 0 && step is 10 or 20 or 30, ist.NeedsProbe(step));
            if (ist.NeedsProbe(step))
                ist.Probe(step, probe);
        }

        Assert.Equal(active, ist.ActiveLayers);
        Assert.Equal(3 * probesAnEvent, seen.Count);
        Assert.All(seen, scales => Assert.Equal(layers / 2, scales.Count(s => s == .25f)));
        Assert.All(seen, scales => Assert.Equal(layers - layers / 2, scales.Count(s => s == 1)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    public void The_sets_of_an_event_are_distinct(int layers)
    {
        var ist = new ImportanceSparseTuning(layers, 3, new IstOptions());
        var random = new Random(5);
        for (int step = 10; step < 3000; step += 10)
        {
            ist.Probe(step, new LossProbe(_ => 1 + random.NextDouble()));
            Assert.Distinct(ist.CandidateSets.Select(set => string.Join(' ', set)));
            Assert.All(ist.CandidateSets, set => Assert.Distinct(set));
        }
        Assert.All(ist.Importance.ToArray(), i => Assert.True(double.IsFinite(i) && i != 0));
    }

    [Fact]
    public void Sets_stay_distinct_when_one_layer_is_all_but_certain()
    {
        var ist = new ImportanceSparseTuning(2, 3, new IstOptions { StepSize = 1e6 });
        ist.Probe(10, new LossProbe(scales => scales[0] < 1 ? .1 : 5));
        Assert.True(ist.Importance[0] > 1000);

        ist.Probe(20, new LossProbe(_ => 1));
        Assert.Equal([0, 1], ist.CandidateSets.Select(set => set[0]).Order());
    }

    [Fact]
    public void A_layer_that_may_be_suppressed_is_suppressed_more_and_trained_less()
    {
        var ist = new ImportanceSparseTuning(8, 11, new IstOptions());
        var plan = new LayerPlan(8, trainsInput: false);
        int[] trained = new int[8];
        for (int step = 0; step < 2000; step++)
        {
            // Suppressing layer 2 costs nothing, suppressing layer 5 a lot.
            if (ist.NeedsProbe(step))
                ist.Probe(step, new LossProbe(scales => 1 + (scales[5] < 1 ? .5 : 0) + (scales[2] < 1 ? -.2 : 0)));
            ist.Select(step, plan);
            for (int l = 0; l < 8; l++)
                trained[l] += plan.Trains(l) ? 1 : 0;
        }

        Assert.Equal(2 * 2000, trained.Sum());
        Assert.Equal(ist.Importance.ToArray().Max(), ist.Importance[2]);
        Assert.Equal(ist.Importance.ToArray().Min(), ist.Importance[5]);
        Assert.Equal(trained.Min(), trained[2]);
        Assert.Equal(trained.Max(), trained[5]);
    }

    [Fact]
    public void Update_frequencies_are_those_of_sigmoid_of_minus_I()
    {
        var ist = new ImportanceSparseTuning(4, 42, new IstOptions { SuppressedLayers = 1, StepSize = 40 });
        ist.Probe(10, new LossProbe(scales => 1 + Array.IndexOf(scales, .25f) * .3));
        double[] weights = [.. ist.Importance.ToArray().Select(i => 1 / (1 + Math.Exp(i)))];
        var plan = new LayerPlan(4, trainsInput: false);
        int[] trained = new int[4];
        const int steps = 40000;
        for (int step = 0; step < steps; step++)
        {
            ist.Select(step, plan);
            trained[plan.Lowest]++;
        }

        double chiSquared = 0;
        for (int l = 0; l < 4; l++)
        {
            double expected = steps * weights[l] / weights.Sum();
            chiSquared += (trained[l] - expected) * (trained[l] - expected) / expected;
        }
        // 99.9th percentile with 3 degrees of freedom; equal weights would be hundreds away.
        Assert.InRange(chiSquared, 0, 16.27);
        Assert.True(weights.Max() / weights.Min() > 1.5);
    }

    [Fact]
    public void Selecting_and_probing_allocate_nothing()
    {
        var ist = new ImportanceSparseTuning(12, 1, new IstOptions());
        var plan = new LayerPlan(12, trainsInput: false);
        var probe = new LossProbe(scales => 1 + scales[0]);
        ist.Probe(10, probe);
        ist.Select(10, plan);
        Assert.Equal(0, Allocations.Of(() =>
        {
            ist.Probe(20, probe);
            ist.Select(20, plan);
        }));
    }

    [Theory]
    [InlineData(0, null, "active-layers is 0, but the model has 4 layers; give 1 to 4.")]
    [InlineData(5, null, "active-layers is 5, but the model has 4 layers; give 1 to 4.")]
    [InlineData(1, 5, "suppressed-layers is 5, but the model has 4 layers; give 0 to 4.")]
    public void Numbers_of_layers_that_do_not_fit_are_refused(int active, int? suppressed, string message)
    {
        var options = new IstOptions { ActiveLayers = active, SuppressedLayers = suppressed };
        Assert.Equal(message, Assert.Throws<InputException>(() => new ImportanceSparseTuning(4, 1, options)).Message);
    }

    [Fact]
    public void Constants_without_meaning_are_refused()
    {
        Assert.Equal("IST's interval is 0; give 1 or more.", Refusal(new IstOptions { Interval = 0 }));
        Assert.Equal("IST's candidates is 0; give 1 or more.", Refusal(new IstOptions { Candidates = 0 }));
        Assert.Equal("IST's step-size is NaN; give a finite number.", Refusal(new IstOptions { StepSize = double.NaN }));

        static string Refusal(IstOptions options) =>
            Assert.Throws<InputException>(() => new ImportanceSparseTuning(4, 1, options)).Message;
    }
}
