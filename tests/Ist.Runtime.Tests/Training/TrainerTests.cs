using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Sparse;
using Ist.Runtime.Training;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Training;

public sealed unsafe class TrainerTests
{
    private static readonly DataSet _data = TinyData.Rows(40, seed: 5);

    private static TrainingOptions Options => new() { Steps = 60, BatchSize = 8, MaxLength = TinyData.MaxLength, LearningRate = .02, Seed = 3 };

    [Fact]
    public void The_loss_falls_and_is_that_of_the_evaluation()
    {
        using var device = new CpuDevice(1);
        var whole = Options with { BatchSize = _data.Examples.Count };
        var model = new TinyCausalLm(3);
        using var trainer = new Trainer(device, model, TinyCausalLm.Widths, _data, whole, new AllLayers(3));

        double before = trainer.Evaluator.Evaluate(_data).Loss;
        StepResult first = trainer.Step();
        // The step reads all rows, in another order.
        Assert.Equal(before, first.Loss, 1e-6);
        Assert.Equal(1, first.Step);
        Assert.Equal(_data.Tokens, first.Tokens);
        Assert.Equal(_data.TrainedTokens, first.TrainedTokens);
        Assert.Equal(_data.TrainedTokens, trainer.Evaluator.Evaluate(_data).Tokens);

        while (trainer.StepsDone < 60)
            trainer.Step();
        double after = trainer.Evaluator.Evaluate(_data).Loss;
        Assert.True(after < before - .25, $"{before} -> {after}");
        Assert.Equal(60 * first.Tokens, trainer.TokensRead);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void How_a_batch_is_cut_does_not_change_the_gradient(int microBatchSize)
    {
        // Rows have 3 to 9 tokens: a mean over micro-batches of their means would be another gradient.
        (StepResult whole, float[] expected) = Gradients(Options with { MaxGradNorm = 0 });
        (StepResult cut, float[] actual) = Gradients(Options with { MaxGradNorm = 0, MicroBatchSize = microBatchSize });
        Assert.Equal(whole.TrainedTokens, cut.TrainedTokens);
        Assert.Equal(whole.Tokens, cut.Tokens);
        Assert.Equal(whole.Loss, cut.Loss, 1e-7);
        Assert.Equal(whole.GradientNorm, cut.GradientNorm, 1e-6 * whole.GradientNorm);
        float largest = expected.Max(Math.Abs);
        Assert.True(largest > 1e-3);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6f * largest);
    }

    [Fact]
    public void Clipping_bounds_the_gradient_and_reports_its_norm()
    {
        (StepResult free, float[] gradient) = Gradients(Options with { MaxGradNorm = 0 });
        (StepResult clipped, float[] scaled) = Gradients(Options with { MaxGradNorm = free.GradientNorm / 4 });
        Assert.Equal(free.GradientNorm, Math.Sqrt(gradient.Sum(g => (double)g * g)), 1e-6 * free.GradientNorm);
        Assert.Equal(free.GradientNorm, clipped.GradientNorm);
        Assert.Equal(free.GradientNorm / 4, Math.Sqrt(scaled.Sum(g => (double)g * g)), 1e-4 * free.GradientNorm);
    }

    [Fact]
    public void A_gradient_is_the_difference_quotient_of_the_loss()
    {
        using var device = new CpuDevice(1);
        var model = new TinyCausalLm(2, trainsInput: true);
        var options = Options with { BatchSize = _data.Examples.Count, MaxGradNorm = 0, LearningRate = 0 };
        using var trainer = new Trainer(device, model, TinyCausalLm.Widths, _data, options, new AllLayers(2));
        trainer.Step();

        // The embedding: neither dropout nor B = 0 blurs its gradient.
        Parameter embedding = trainer.Parameters.All[0];
        foreach (int at in new[] { 0, 7, 31, 65 })
        {
            const float h = 1e-2f;
            float value = embedding.Value[at];
            embedding.Value[at] = value + h;
            double up = trainer.Evaluator.Evaluate(_data).Loss;
            embedding.Value[at] = value - h;
            double down = trainer.Evaluator.Evaluate(_data).Loss;
            embedding.Value[at] = value;
            Assert.Equal((up - down) / (2 * h), embedding.Gradient[at], 2e-5);
        }
    }

    [Fact]
    public void A_layer_that_is_not_active_in_a_step_does_not_change_in_it()
    {
        using var device = new CpuDevice(1);
        var model = new TinyCausalLm(8);
        using var trainer = new Trainer(device, model, TinyCausalLm.Widths, _data, Options, new ImportanceSparseTuning(8, 3, new IstOptions()));
        long[] counts = new long[8];
        for (int step = 0; step < 40; step++)
        {
            float[][] before = Values(trainer);
            StepResult result = trainer.Step();
            float[][] after = Values(trainer);
            Assert.Equal(2, result.ActiveLayers);
            for (int i = 0; i < before.Length; i++)
            {
                bool trained = trainer.Selected.Trains(trainer.Parameters.All[i].Layer);
                counts[trainer.Parameters.All[i].Layer] += trained && i < 8 ? 1 : 0;
                // In the first update of a layer A does not move, because B is zero and with it A's gradient.
                if (!trained)
                    Assert.Equal(before[i], after[i]);
                else if (trainer.Parameters.All[i].Initial == Initial.Zeros)
                    Assert.NotEqual(before[i], after[i]);
            }
        }
        Assert.Equal(counts, trainer.LayerCounts.ToArray());
        Assert.Equal(40 * 2, counts.Sum());
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 0)]
    public void The_backward_pass_goes_as_far_as_something_is_trained(bool trainsInput, int lowest)
    {
        using var device = new CpuDevice(1);
        var model = new TinyCausalLm(6, trainsInput);
        using var trainer = new Trainer(device, model, TinyCausalLm.Widths, _data, Options, new Only(4, 5));
        trainer.Step();
        Assert.Equal(lowest, model.LowestVisited);
    }

    [Theory]
    [MemberData(nameof(PolicyTests.All), MemberType = typeof(PolicyTests))]
    public void A_step_allocates_nothing_after_warm_up(string name)
    {
        using var device = new CpuDevice(1);
        ISelectionPolicy policy = Policies.Of(name, 6);
        var options = Options with { MicroBatchSize = 3, InactiveMoments = policy.ActiveLayers == 6 ? null : InactiveMoments.Free };
        var model = new TinyCausalLm(6);
        using var trainer = new Trainer(device, model, TinyCausalLm.Widths, _data, options, policy);
        // The warm-up has an event of IST and a new epoch in it.
        for (int step = 0; step < 15; step++)
            trainer.Step();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int step = 15; step < 35; step++)
                trainer.Step();
        }));
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_the_run_and_leaves_the_parameters()
    {
        using var device = new CpuDevice(1);
        var model = new TinyCausalLm(2);
        using var trainer = new Trainer(device, model, TinyCausalLm.Widths, _data, Options, new AllLayers(2));
        trainer.Step();
        float[][] before = Values(trainer);
        model.Offset = float.NaN;
        Assert.StartsWith("Step 2: the loss is NaN; lower the learning rate or check the data", Assert.Throws<RunException>(() => trainer.Step()).Message);
        Assert.Equal(before, Values(trainer));
        Assert.Equal(1, trainer.StepsDone);
    }

    [Fact]
    public void A_probe_whose_loss_is_no_number_ends_the_run()
    {
        using var device = new CpuDevice(1);
        var model = new TinyCausalLm(4);
        using var trainer = new Trainer(device, model, TinyCausalLm.Widths, _data, Options, new ImportanceSparseTuning(4, 3, new IstOptions { Interval = 1 }));
        trainer.Step();
        model.Offset = float.NaN;
        Assert.StartsWith("Step 2: the loss of a probe is NaN; lower the learning rate or check the data", Assert.Throws<RunException>(() => trainer.Step()).Message);
    }

    [Fact]
    public void The_plan_is_what_the_run_takes()
    {
        var model = new TinyCausalLm(3);
        MemoryPlan plan = Trainer.Plan(model, TinyCausalLm.Widths, Options with { MicroBatchSize = 2 }, new AllLayers(3));
        const int parameters = 3 * 2, bytesEach = 64, rows = 2 * TinyData.MaxLength;
        Assert.Equal(parameters * bytesEach, plan[MemoryKind.Parameters]);
        Assert.Equal(parameters * bytesEach, plan[MemoryKind.Gradients]);
        Assert.Equal(2 * parameters * bytesEach, plan[MemoryKind.OptimizerState]);
        Assert.Equal(Rounded(rows * TinyCausalLm.Vocabulary * 4), plan[MemoryKind.Logits]);
        Assert.Equal(4 * Rounded(rows * TinyCausalLm.Size * 4), plan[MemoryKind.SavedActivations]);
        Assert.Equal(0, plan[MemoryKind.BaseWeights]);

        using var device = new CpuDevice(threads: 1);
        using var trainer = new Trainer(device, model, TinyCausalLm.Widths, _data, Options with { MicroBatchSize = 2 }, new AllLayers(3));
        Assert.Equal(plan.Total, trainer.ArenaBytes);

        static long Rounded(long bytes) => (bytes + 63) / 64 * 64;
    }

    [Theory]
    [InlineData("ist", 1)]
    [InlineData("lisa", 2)]
    [InlineData("badam", 1)]
    [InlineData("fixed", 2)]
    public void Freed_moments_leave_the_arena(string name, int active)
    {
        const int layers = 6, bytesOfLayer = 2 * 2 * 64;
        using var device = new CpuDevice(1);
        long Arena(InactiveMoments inactive)
        {
            var options = Options with { InactiveMoments = inactive };
            var model = new TinyCausalLm(layers);
            ISelectionPolicy policy = Policies.Of(name, layers);
            MemoryPlan plan = Trainer.Plan(model, TinyCausalLm.Widths, options, policy);
            using var trainer = new Trainer(device, model, TinyCausalLm.Widths, _data, options, policy);
            for (int step = 0; step < 20; step++)
                trainer.Step();
            Assert.Equal(plan.Total, trainer.ArenaBytes);
            return trainer.ArenaBytes;
        }

        Assert.Equal((layers - active) * bytesOfLayer, Arena(InactiveMoments.Keep) - Arena(InactiveMoments.Free));
        Assert.Equal(Arena(InactiveMoments.Keep), Arena(InactiveMoments.Clear));
    }

    [Theory]
    [InlineData("all")]
    [InlineData("ist-warmed")]
    public void Moments_that_never_can_be_freed_are_refused(string name)
    {
        using var device = new CpuDevice(1);
        Assert.StartsWith("state is free, but a step trains all 6 layers, so that no moments can be freed; ", Assert.Throws<InputException>(() => new Trainer(
            device, new TinyCausalLm(6), TinyCausalLm.Widths, _data, Options with { InactiveMoments = InactiveMoments.Free }, Policies.Of(name, 6))).Message);
    }

    [Fact]
    public void A_policy_is_told_the_mean_gradient_norms_before_clipping()
    {
        using var device = new CpuDevice(1);
        var policy = new GradientSelection(4, 3, new GradientSelectionOptions { ActiveLayers = 2 });
        using var trainer = new Trainer(device, new TinyCausalLm(4), TinyCausalLm.Widths, _data, Options with { MaxGradNorm = 1e-3 }, policy);
        StepResult step = trainer.Step();

        double[] means = policy.Means.ToArray();
        Assert.Equal(Enumerable.Range(0, 4).Select(trainer.Selected.Trains), means.Select(mean => mean > 0));
        // Two layers of 24 numbers each: their squares add up to the whole norm's.
        Assert.Equal(step.GradientNorm, Math.Sqrt(means.Sum(mean => 24 * mean * mean)), 1e-12);
    }

    [Fact]
    public void A_model_with_nothing_to_train_is_refused()
    {
        using var device = new CpuDevice(1);
        Assert.StartsWith("Nothing is trained: ", Assert.Throws<InputException>(() =>
            new Trainer(device, new TinyCausalLm(0), TinyCausalLm.Widths, _data, Options, new AllLayers(0))).Message);
    }

    [Fact]
    public void Options_without_meaning_and_long_examples_are_refused()
    {
        Assert.Equal("batch-size is 0; give 1 or more.", Refusal(Options with { BatchSize = 0 }));
        Assert.Equal("steps is 0; give 1 or more.", Refusal(Options with { Steps = 0 }));
        Assert.Equal("lr is -1; give 0 or more.", Refusal(Options with { LearningRate = -1 }));
        Assert.Equal("The longest example has 9 tokens, but the run is laid out for 8; raise max-length or cut the data.", Refusal(Options with { MaxLength = 8 }));

        static string Refusal(TrainingOptions options)
        {
            using var device = new CpuDevice(1);
            return Assert.Throws<InputException>(() => new Trainer(device, new TinyCausalLm(2), TinyCausalLm.Widths, _data, options, new AllLayers(2))).Message;
        }
    }

    private static (StepResult Step, float[] Gradients) Gradients(TrainingOptions options)
    {
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(device, new TinyCausalLm(3), TinyCausalLm.Widths, _data, options, new AllLayers(3));
        StepResult step = trainer.Step();
        var gradients = new List<float>();
        foreach (Parameter parameter in trainer.Parameters.All)
            gradients.AddRange(new Span<float>(parameter.Gradient, (int)parameter.Count));
        return (step, [.. gradients]);
    }

    private static float[][] Values(Trainer trainer)
    {
        var values = new List<float[]>();
        foreach (Parameter parameter in trainer.Parameters.All)
            values.Add(new Span<float>(parameter.Value, (int)parameter.Count).ToArray());
        return [.. values];
    }

    private sealed class Only(params int[] layers) : ISelectionPolicy
    {
        public string Name => "only";

        public int ActiveLayers => layers.Length;

        public int ProbeRows => 0;

        public bool NeedsProbe(int step) => false;

        public void Probe(int step, IProbe probe) => throw new NotSupportedException();

        public void Select(int step, LayerPlan plan) => plan.TrainOnly(layers);

        public void Save(IDictionary<string, object?> state)
        {
        }

        public void Restore(Ist.Runtime.Checkpoints.JsonConfig state)
        {
        }
    }
}
