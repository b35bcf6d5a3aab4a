using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

public sealed class FirstOrderProbeTests
{
    [Fact]
    public void Losses_are_those_of_the_tangent_at_the_moving_means()
    {
        var probe = new FirstOrderProbe(3);
        Assert.Equal(0, probe.Loss([0.25f, 0.25f, 0.25f]));
        var plan = new LayerPlan(3, trainsInput: false);
        plan.TrainOnly([0, 2]);
        probe.Observe(plan, 2, [0.5, 0, -1]);
        plan.TrainOnly([2]);
        probe.Observe(plan, 1, [0, 0, 3]);

        // L = 0.9 x 2 + 0.1 x 1; layer 0 stands still, layer 1 has not been seen, and layer 2 has 0.9 x -1 + 0.1 x 3.
        Assert.Equal([0.5, 0, -0.6], probe.Gradients.Select(g => Math.Round(g, 12)));
        Assert.Equal(1.9, probe.Loss([1, 1, 1]), 12);
        Assert.Equal(1.9 - 0.75 * 0.5, probe.Loss([0.25f, 1, 1]), 12);
        Assert.Equal(1.9 - 0.75 * (0.5 - 0.6), probe.Loss([0.25f, 0.25f, 0.25f]), 12);
    }

    [Fact]
    public void An_event_learns_from_them_without_a_probe()
    {
        const int layers = 6;
        var ist = new ImportanceSparseTuning(layers, 3, new IstOptions { Probe = ProbeKind.FirstOrder });
        Assert.Equal(0, ist.ProbeRows);
        Assert.True(ist.ObservesScales);
        double[] gradients = [-0.3, 0.1, -0.02, 0.2, -0.4, 0.05], mean = new double[layers], expected = new double[layers];
        var plan = new LayerPlan(layers, trainsInput: false);
        int events = 0;
        for (int step = 0; step <= 40; step++)
        {
            Assert.False(ist.NeedsProbe(step));
            ist.Select(step, plan);
            if (step % 10 == 0 && step > 0)
            {
                int[][] sets = [.. ist.CandidateSets.Select(set => set.ToArray())];
                double[] losses = [.. sets.Select(set => 1.5 - 0.75 * set.Sum(l => mean[l]))];
                ImportanceUpdate.Apply(expected, new double[layers], sets, losses, new double[sets.Length], 10);
                events++;
            }
            Assert.Equal(expected, ist.Importance.ToArray(), (e, a) => Math.Abs(e - a) < 1e-12);
            ist.ObserveScales(plan, 1.5, [.. gradients.Select((g, l) => plan.Trains(l) ? g : 0)]);
            for (int l = 0; l < layers; l++)
                mean[l] = plan.Trains(l) ? gradients[l] : mean[l];
        }
        Assert.Equal(4, events);
        Assert.Contains(expected, i => Math.Abs(i) > 0.01);
    }
}
