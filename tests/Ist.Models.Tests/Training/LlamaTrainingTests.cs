using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;
using Ist.TestSupport;

namespace Ist.Models.Tests.Training;

/// <summary>The trainer on a generated model with the real kernels.</summary>
public sealed class LlamaTrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ist-llama-").FullName;

    private static TrainingOptions Options => TrainedLlama.Options;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, 3)]
    [InlineData(40, 6)] // 560 rows are three tiles, the 84 of a micro-batch are one
    public void How_a_batch_is_cut_does_not_change_the_gradient(int batchSize, int microBatchSize)
    {
        (StepResult whole, float[][] expected) = FirstGradients(Options with { BatchSize = batchSize });
        (StepResult cut, float[][] actual) = FirstGradients(Options with { BatchSize = batchSize, MicroBatchSize = microBatchSize });

        Assert.Equal(whole.TrainedTokens, cut.TrainedTokens);
        Assert.Equal(whole.Tokens, cut.Tokens);
        Assert.Equal(whole.Loss, cut.Loss, 1e-6);
        Assert.Equal(whole.GradientNorm, cut.GradientNorm, 1e-5 * whole.GradientNorm);
        float largest = expected.Max(g => g.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
                Assert.Equal(expected[i][j], actual[i][j], 1e-5f * largest);
        }
    }

    [Fact]
    public void Evaluation_over_tiles_gives_the_loss_of_one()
    {
        using TrainedLlama tiles = new(Options with { BatchSize = 40 }, TrainedLlama.Ist), one = new(Options with { BatchSize = 6 }, TrainedLlama.Ist);

        EvaluationResult expected = one.Trainer.Evaluator.Evaluate(TrainedLlama.Data), actual = tiles.Trainer.Evaluator.Evaluate(TrainedLlama.Data);

        Assert.Equal(expected.Tokens, actual.Tokens);
        Assert.Equal(expected.Loss, actual.Loss, 1e-12); // the same losses of rows, added up in double in another order
    }

    [Fact]
    public void The_loss_falls_with_LoRA_and_IST_and_with_all_weights()
    {
        double sparse = Falls(TrainedLlama.Ist, TrainedLlama.Lora());
        double full = Falls(layers => new AllLayers(layers), new FullOptions());
        Assert.True(sparse > .3, $"IST: {sparse}");
        Assert.True(full > sparse, $"full: {full}, IST: {sparse}");

        static double Falls(Func<int, ISelectionPolicy> policy, PeftOptions peft)
        {
            using var llama = new TrainedLlama(Options, policy, peft);
            double before = llama.Trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss;
            while (llama.Trainer.StepsDone < Options.Steps)
                llama.Trainer.Step();
            return before - llama.Trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_layer_that_is_not_active_in_a_step_does_not_change_in_it(bool full)
    {
        PeftOptions peft = full ? new FullOptions() : TrainedLlama.Lora();
        using var llama = new TrainedLlama(Options, TrainedLlama.Ist, peft);
        for (int step = 0; step < 12; step++)
        {
            float[][] before = llama.Values();
            llama.Trainer.Step();
            float[][] after = llama.Values();
            Assert.Equal(1, llama.Trainer.Selected.Active);
            for (int i = 0; i < before.Length; i++)
            {
                Parameter parameter = llama.Trainer.Parameters.All[i];
                bool trained = parameter.Layer < 0 || llama.Trainer.Selected.Trains(parameter.Layer);
                if (!trained)
                    Assert.Equal(before[i], after[i]);
                else if (full || parameter.Initial == Initial.Zeros)
                    Assert.NotEqual(before[i], after[i]);
            }
        }
        Assert.Equal(12, llama.Trainer.LayerCounts.ToArray().Sum());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_layer_has_the_same_gradient_whether_the_others_are_trained_or_not(int layer)
    {
        // B must not be zero, or A would have no gradient.
        using var all = new TrainedLlama(Options, layers => new AllLayers(layers));
        all.Trainer.Step();
        string path = Path.Combine(_folder, "adapter_model.safetensors");
        all.Trainer.Parameters.Save(path);

        using var everything = new TrainedLlama(Options, layers => new AllLayers(layers));
        everything.Trainer.Parameters.Load(path);
        everything.Trainer.Step();
        using var alone = new TrainedLlama(Options, _ => new OneLayer(layer));
        alone.Trainer.Parameters.Load(path);
        alone.Trainer.Step();

        // Clipping scales by the norm of what is trained, so the gradients are compared in units of their largest element.
        (float[][] expected, float[][] actual) = (everything.Gradients(), alone.Gradients());
        for (int i = 0; i < expected.Length; i++)
        {
            if (everything.Trainer.Parameters.All[i].Layer != layer)
                Assert.All(actual[i], g => Assert.Equal(0, g));
            else
                Assert.Equal(Scaled(expected[i]), Scaled(actual[i]), (a, b) => Math.Abs(a - b) < 1e-5);
        }

        static float[] Scaled(float[] values) => [.. values.Select(v => v / values.Max(Math.Abs))];
    }

    [Fact]
    public void One_thread_and_two_give_the_same_bits()
    {
        Assert.Equal(Trained(1), Trained(2));

        byte[] Trained(int threads)
        {
            string path = Path.Combine(_folder, $"{threads}.safetensors");
            using var llama = new TrainedLlama(Options with { MicroBatchSize = 3 }, TrainedLlama.Ist, TrainedLlama.Lora(dropout: .1), threads);
            while (llama.Trainer.StepsDone < Options.Steps)
                llama.Trainer.Step();
            llama.Trainer.Parameters.Save(path);
            return File.ReadAllBytes(path);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_step_allocates_nothing_after_warm_up(int threads)
    {
        using var llama = new TrainedLlama(Options with { MicroBatchSize = 3 }, TrainedLlama.Ist, TrainedLlama.Lora(dropout: .1), threads);
        for (int step = 0; step < 8; step++)
            llama.Trainer.Step();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int step = 8; step < 16; step++)
                llama.Trainer.Step();
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_that_was_stopped_and_resumed_has_the_bits_of_one_that_was_not(bool full)
    {
        string file = full ? "model.safetensors" : "adapter_model.safetensors";
        string whole = Run("whole", stopAfter: 0, full), cut = Run("cut", stopAfter: 9, full);
        Run("cut", stopAfter: 18, full);
        Run("cut", stopAfter: 0, full);
        foreach (string name in new[] { file, "optimizer.safetensors", SelectionState.FileName })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "checkpoint-24", name)), File.ReadAllBytes(Path.Combine(cut, "checkpoint-24", name)));
    }

    [Fact]
    public void Weights_that_begin_at_random_follow_from_the_seed()
    {
        using var one = new TrainedLlama(Options, layers => new AllLayers(layers), new FullOptions(), random: true);
        using var same = new TrainedLlama(Options, layers => new AllLayers(layers), new FullOptions(), random: true);
        using var other = new TrainedLlama(Options with { Seed = 4 }, layers => new AllLayers(layers), new FullOptions(), random: true);
        Assert.Equal(one.Values(), same.Values());
        Assert.NotEqual(one.Values(), other.Values());
        // A model that knows nothing finds every token about as likely as any other.
        Assert.Equal(Math.Log(RandomTexts.Vocabulary), one.Trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss, .05);
    }

    private static (StepResult Step, float[][] Gradients) FirstGradients(TrainingOptions options)
    {
        using var llama = new TrainedLlama(options with { MaxGradNorm = 0 }, layers => new AllLayers(layers));
        StepResult step = llama.Trainer.Step();
        return (step, llama.Gradients());
    }

    private string Run(string name, int stopAfter, bool full)
    {
        string output = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        PeftOptions peft = full ? new FullOptions() : TrainedLlama.Lora(dropout: .1);
        using var llama = new TrainedLlama(Options with { MicroBatchSize = 3 }, TrainedLlama.Ist, peft);
        using var stop = new CancellationTokenSource();
        var run = new TrainingRun(llama.Trainer, RandomTexts.Rows(5, seed: 6), new TrainingRunOptions { Output = output, SaveEvery = 5 }, new StopAt(stopAfter, stop));
        run.Resume();
        run.Run(stop.Token);
        return output;
    }

    private sealed class OneLayer(int layer) : ISelectionPolicy
    {
        public string Name => "one";

        public int ActiveLayers => 1;

        public int ProbeRows => 0;

        public bool NeedsProbe(int step) => false;

        public void Probe(int step, IProbe probe) => throw new NotSupportedException();

        public void Select(int step, LayerPlan plan) => plan.TrainOnly([layer]);

        public void Save(IDictionary<string, object?> state)
        {
        }

        public void Restore(JsonConfig state)
        {
        }
    }
}
