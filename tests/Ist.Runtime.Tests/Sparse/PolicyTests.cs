using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

/// <summary>What every policy has to keep to.</summary>
public sealed class PolicyTests
{
    private const int Layers = 6;

    public static TheoryData<string> All => [.. Policies.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void A_step_trains_as_many_layers_as_is_said_and_none_below_the_lowest(string name)
    {
        ISelectionPolicy policy = Policies.Of(name, Layers);
        var plan = new LayerPlan(Layers, trainsInput: false);
        int most = 0;
        for (int step = 0; step < 200; step++)
        {
            Advance(policy, step, plan);
            Assert.Equal(policy.ActiveIn(step), plan.Active);
            Assert.True(plan.Lowest >= policy.LowestLayer);
            Assert.Equal(Layers - plan.Lowest, plan.Depth);
            most = Math.Max(most, plan.Active);
        }
        Assert.Equal(policy.ActiveLayers, most);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_choice_is_held_for_the_steps_that_are_said(string name)
    {
        ISelectionPolicy policy = Policies.Of(name, Layers);
        var plan = new LayerPlan(Layers, trainsInput: false);
        int[] held = [];
        for (int step = 0; step < 60; step++)
        {
            Advance(policy, step, plan);
            if (step % policy.HoldSteps != 0)
                Assert.Equal(held, Policies.Trained(plan));
            held = Policies.Trained(plan);
        }
    }

    /// <summary>Losses and gradients that depend on the layers and the step.</summary>
    private static void Advance(ISelectionPolicy policy, int step, LayerPlan plan)
    {
        if (policy.NeedsProbe(step))
            policy.Probe(step, new LossProbe(scales => 1 + scales.Select((scale, l) => (1 - scale) * l).Sum() / 20));
        policy.Select(step, plan);
        if (policy.ObservesGradients)
            policy.Observe(plan, [.. Enumerable.Range(0, Layers).Select(l => plan.Trains(l) ? 1 + Math.Sin(l + step) : 0)]);
        if (policy.ObservesScales)
            policy.ObserveScales(plan, 1 + Math.Cos(step), [.. Enumerable.Range(0, Layers).Select(l => plan.Trains(l) ? Math.Sin(l + step) : 0)]);
    }
}
