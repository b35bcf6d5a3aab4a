using Ist.Models.Tests.Golden;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tokenizers;
using Ist.Runtime.Training;
using Ist.TestSupport;

namespace Ist.Models.Tests.Training;

/// <summary>IST's first-order probes in a trainer.</summary>
public sealed class FirstOrderProbeTests
{
    private static ISelectionPolicy FirstOrder(int layers) => new ImportanceSparseTuning(layers, 3, new IstOptions { Interval = 4, Probe = ProbeKind.FirstOrder });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Have_the_same_bits_at_any_thread_count_and_allocate_nothing(int threads)
    {
        var dora = new LoraOptions(TrainedLlama.Lora(dropout: .1).Config with { UseDora = true }, "the test");
        using TrainedLlama llama = new(TrainedLlama.Options with { MicroBatchSize = 3 }, FirstOrder, dora, threads), one = new(TrainedLlama.Options with { MicroBatchSize = 3 }, FirstOrder, dora);
        for (int step = 0; step < 10; step++)
            llama.Trainer.Step();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int step = 10; step < 20; step++)
                llama.Trainer.Step();
        }));
        // What was measured may have run several times.
        while (one.Trainer.StepsDone < llama.Trainer.StepsDone)
            one.Trainer.Step();
        Assert.Equal(one.Values(), llama.Values());
        Assert.Equal(((ImportanceSparseTuning)one.Trainer.Policy).Importance.ToArray(), ((ImportanceSparseTuning)llama.Trainer.Policy).Importance.ToArray());
        Assert.Contains(((ImportanceSparseTuning)one.Trainer.Policy).Importance.ToArray(), i => i != 0);
    }

    /// <summary>The gradients are sums over rows, whose order is all that differs; over eight steps that leaves 2e-7 of the largest.</summary>
    [Fact]
    public void Micro_batches_add_up()
    {
        double[] whole = Gradients(microBatch: 8), cut = Gradients(microBatch: 3);
        double largest = whole.Max(Math.Abs);
        Assert.True(largest > 1e-3);
        for (int l = 0; l < whole.Length; l++)
            Assert.Equal(whole[l], cut[l], 1e-6 * largest);

        static double[] Gradients(int microBatch)
        {
            var policy = new ScaleObserver(layers: 3);
            using var llama = new TrainedLlama(TrainedLlama.Options with { MicroBatchSize = microBatch }, _ => policy);
            for (int step = 0; step < 8; step++)
                llama.Trainer.Step();
            return policy.Means.Gradients;
        }
    }

    [Fact]
    public void A_method_without_a_scale_is_refused()
    {
        var ln = new LnTuningOptions(new LnTuningConfig { TargetModules = ModuleSelector.OfNames(LnTuningDefaults.Of("llama")!) }, "the test");
        Assert.StartsWith(
            "First-order probes read the gradient by the scale of a layer's adapters, but the method has no such adapters",
            Assert.Throws<InputException>(() => new TrainedLlama(TrainedLlama.Options, FirstOrder, ln)).Message);
    }

    /// <summary>
    /// LoRA r 16 on all linears of eight layers that are all trained, ten steps from the beginning, where losses still are what their tangents say. What
    /// a layer's suppression costs on 64 training rows has by forward passes and to first order a rank correlation (Spearman) of 0.88.
    /// </summary>
    [Fact]
    public void Rank_young_layers_as_forward_passes_do()
    {
        string model = Path.Combine(SharedFolder.Root, "samples", "boats-model");
        DataFile rows = DataFile.Load(Path.Combine(SharedFolder.Root, "samples", "data", "train.jsonl"));
        DataSet data = ExampleEncoder.Encode(rows, new TokenizerEncoder(Tokenizer.Load(model)), new EncodingOptions(MaxLength: 128));
        var lora = new LoraOptions(new LoraAdapterConfig { R = 16, LoraAlpha = 32, TargetModules = ModuleSelector.AllLinear }, "the test");
        var options = new TrainingOptions { Steps = 300, BatchSize = 16, MaxLength = data.Longest, LearningRate = 8e-3, Schedule = ScheduleKind.Cosine, WarmupSteps = 10 };
        using var device = new CpuDevice();
        using LoadedModel loaded = LoadedModel.Load(model, _ => lora);
        int layers = loaded.Model.LayerCount;
        var policy = new ScaleObserver(layers);
        using var trainer = new Trainer(device, loaded.Model, loaded.Config.Widths, data, options, policy);
        while (trainer.StepsDone < 10)
            trainer.Step();

        float[][] suppressed = [.. Enumerable.Range(0, layers).Select(layer => Enumerable.Range(0, layers).Select(l => l == layer ? 0.25f : 1).ToArray())];
        int[] probed = [.. Enumerable.Range(0, 64)];
        double[] passes = new double[layers], estimated = [.. suppressed.Select(policy.Means.Loss)];
        trainer.Evaluator.Losses(data, probed, suppressed, lowestKept: 0, passes);
        Assert.InRange(RankCorrelation.Of(passes, estimated), 0.3, 1);
    }
}
