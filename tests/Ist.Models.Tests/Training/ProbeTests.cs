using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>The probes of a run, which compute what its candidate sets have in common once.</summary>
public sealed class ProbeTests
{
    // Not in the order in which they are computed; the first two part in layer 2, and the last from both in layer 0.
    private static readonly float[][] _scales = [[1, 0.25f, 1], [1, 0.25f, 0.25f], [0.25f, 1, 1], [0.25f, 1, 1]];

    public static TheoryData<string, string> Runs => new()
    {
        { "llama-gqa-tied-rope3", "lora" }, { "llama-gqa-tied-rope3", "dora" }, { "gpt2", "lora" }, { "bloom", "lora" },
        { "mixtral", "lora" }, { "llama-gqa-tied-rope3", "checkpointing" },
    };

    /// <summary>In micro-batches of three of the eight rows, so that the last one is smaller.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void Losses_of_shared_passes_have_the_bits_of_passes_of_their_own(string checkpoint, string method)
    {
        var lora = new LoraOptions(new LoraAdapterConfig { R = 4, LoraAlpha = 8, TargetModules = ModuleSelector.AllLinear, UseDora = method == "dora" }, "the test");
        TrainingOptions options = TrainedLlama.Options with { MicroBatchSize = 3, GradientCheckpointing = method == "checkpointing" };
        using var run = new TrainedLlama(options, TrainedLlama.Ist, lora, threads: 2, checkpoint: checkpoint);
        while (run.Trainer.StepsDone < 6)
            run.Trainer.Step();

        double[] losses = new double[_scales.Length], own = new double[_scales.Length];
        Measure(run, _scales, losses);
        for (int k = 0; k < own.Length; k++)
            Measure(run, [_scales[k]], own.AsSpan(k, 1));

        Assert.Equal(own, losses);
        Assert.Equal(3, own.Distinct().Count());
        run.Trainer.Step();
    }

    [Fact]
    public void Scales_that_part_below_what_is_kept_are_measured_from_the_beginning()
    {
        using var run = new TrainedLlama(TrainedLlama.Options, layers => new ImportanceSparseTuning(layers, 3, new IstOptions { Interval = 4, Truncate = 1 }));
        while (run.Trainer.StepsDone < 6)
            run.Trainer.Step();

        double[] losses = new double[2], own = new double[2];
        float[][] scales = [[1, 1, 1], [1, 1, 0.25f]], lower = [[1, 1, 1], [1, 0.25f, 0.25f]];
        Measure(run, scales, losses, lowestKept: 2);
        Measure(run, [scales[0]], own.AsSpan(0, 1), lowestKept: 2);
        Measure(run, [scales[1]], own.AsSpan(1, 1), lowestKept: 2);
        Assert.Equal(own, losses);
        // The adapters of layers that are never trained are nothing.
        Measure(run, lower, own, lowestKept: 2);
        Assert.Equal(own, losses);
        Assert.Equal(
            "The input of layer 1 is not kept: the buffers were laid out for layers down to 2.",
            Assert.Throws<InvalidOperationException>(() => Measure(run, lower, own, lowestKept: 0)).Message);
    }

    [Fact]
    public void Allocate_nothing()
    {
        using var run = new TrainedLlama(TrainedLlama.Options, TrainedLlama.Ist);
        double[] losses = new double[_scales.Length];
        for (int i = 0; i < 3; i++)
            Measure(run, _scales, losses);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Measure(run, _scales, losses);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>Of three layers the highest two are drawn from, so the sets are {1} and {2}: in layer 0 both passes are one.</summary>
    [Fact]
    public void A_plan_counts_what_candidates_have_in_common_once()
    {
        var constants = new IstOptions { Interval = 4, Truncate = 2, SuppressedLayers = 1, ProbeRows = 5 };
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath("llama-gqa-tied-rope3"), _ => TrainedLlama.Lora());
        var policy = new ImportanceSparseTuning(loaded.Model.LayerCount, 3, constants);
        StepWork work = RunPlan.Of(loaded.Model, loaded.Config.Widths, TrainedLlama.Options, policy).Work;

        int rows = TrainedLlama.Options.BatchSize;
        double whole = work.Forward.Total / rows, layer = (work.Forward.Total - work.Forward.Head) / rows / loaded.Model.LayerCount;
        // Of the thousand steps that a plan draws 249 begin with probes.
        double expected = 0.249 * 5 * (2 * whole - layer);
        Assert.Equal(expected, work.Probes, 1e-9 * expected);
    }

    private static void Measure(TrainedLlama run, float[][] scales, Span<double> losses, int lowestKept = 0) =>
        run.Trainer.Evaluator.Losses(TrainedLlama.Data, [3, 1, 4, 15, 9, 2, 6, 5], scales, lowestKept, losses);
}
