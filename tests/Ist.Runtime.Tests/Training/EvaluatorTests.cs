using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Runtime.Tests.Training;

public sealed class EvaluatorTests : IDisposable
{
    private static readonly DataSet _data = TinyData.Rows(40, seed: 5), _heldOut = TinyData.Rows(13, seed: 6);

    private readonly CpuDevice _device = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("ist-evaluate-").FullName;

    private static TrainingOptions Options => new() { Steps = 20, BatchSize = 8, MicroBatchSize = 3, MaxLength = TinyData.MaxLength, LearningRate = .05 };

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(20)]
    public void An_evaluation_is_without_dropout_and_the_same_in_a_session_of_its_own(int sequences)
    {
        string path = Path.Combine(_folder, "adapter_model.safetensors");
        using var trainer = new Trainer(_device, new TinyCausalLm(3, dropout: .5), TinyCausalLm.Widths, _data, Options, new AllLayers(3));
        for (int step = 0; step < 5; step++)
            trainer.Step();
        trainer.Parameters.Save(path);
        EvaluationResult during = trainer.Evaluator.Evaluate(_heldOut);

        using var session = new EvaluationSession(_device, new TinyCausalLm(3), TinyCausalLm.Widths, sequences, TinyData.MaxLength);
        Assert.NotEqual(during.Loss, session.Evaluator.Evaluate(_heldOut).Loss, 1e-3);
        session.Parameters.Load(path);
        EvaluationResult alone = session.Evaluator.Evaluate(_heldOut);
        // Rows are summed up in another grouping.
        Assert.Equal(during.Loss, alone.Loss, 1e-7);
        Assert.Equal(during.Tokens, alone.Tokens);
        Assert.Equal(Math.Exp(alone.Loss), alone.Perplexity);
    }

    [Fact]
    public void A_probe_scales_the_adapters_for_itself_alone()
    {
        var policy = new Prober();
        TrainingOptions allRows = Options with { BatchSize = _data.Examples.Count };
        using var trainer = new Trainer(_device, new TinyCausalLm(3), TinyCausalLm.Widths, _data, allRows, policy);
        double untrained = trainer.Evaluator.Evaluate(_data).Loss;
        for (int step = 0; step < 6; step++)
            trainer.Step();
        double trained = trainer.Evaluator.Evaluate(_data).Loss;
        Assert.True(trained < untrained - .02);

        // The policy probes all 40 rows before step 7: with every adapter at 0 the model is the untrained one, at 1 the trained.
        StepResult step7 = trainer.Step();
        Assert.Equal(untrained, policy.Without, 1e-6);
        Assert.Equal(trained, policy.With, 1e-6);
        Assert.NotEqual(policy.With, policy.Half, 1e-4);
        Assert.Equal(trained, step7.Loss, 1e-6);
    }

    [Fact]
    public void A_session_is_planned_before_it_is_made()
    {
        var model = new TinyCausalLm(3);
        MemoryPlan plan = EvaluationSession.Plan(model, TinyCausalLm.Widths, 2, 5);
        Assert.Equal(6 * 64, plan[MemoryKind.Parameters]);
        Assert.Equal(0, plan[MemoryKind.Gradients]);
        Assert.Equal(0, plan[MemoryKind.OptimizerState]);
        Assert.Equal(448, plan[MemoryKind.Logits]);
    }

    [Fact]
    public void An_example_that_is_too_long_is_refused()
    {
        using var session = new EvaluationSession(_device, new TinyCausalLm(3), TinyCausalLm.Widths, 2, TinyData.MaxLength - 1);
        Assert.StartsWith("The longest example has 9 tokens, but the run is laid out for 8", Assert.Throws<InputException>(() => session.Evaluator.Evaluate(_heldOut)).Message);
    }

    /// <summary>Trains all layers, and measures three scales once.</summary>
    private sealed class Prober : ISelectionPolicy
    {
        public double Without { get; private set; }

        public double Half { get; private set; }

        public double With { get; private set; }

        public string Name => "prober";

        public int ActiveLayers => 3;

        public int ProbeRows => _data.Examples.Count;

        public bool NeedsProbe(int step) => step == 6;

        public void Probe(int step, IProbe probe)
        {
            double[] losses = new double[3];
            probe.Measure([[1, 1, 1], [1, 0, 1], [0, 0, 0]], losses);
            (With, Half, Without) = (losses[0], losses[1], losses[2]);
        }

        public void Select(int step, LayerPlan plan) => plan.TrainAll();

        public void Save(IDictionary<string, object?> state)
        {
        }

        public void Restore(Ist.Runtime.Checkpoints.JsonConfig state)
        {
        }
    }
}
