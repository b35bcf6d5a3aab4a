using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>Frozen weights that are laid out for their products once for the run: the same bits, and memory as planned.</summary>
public sealed class PackedWeightTests
{
    // Enough rows for the products of a model of 64 x 96 to be those that read panels.
    private const int Rows = 40, Length = 128;

    private static readonly TrainingOptions _options = new() { Steps = 3, BatchSize = Rows, MaxLength = Length, LearningRate = .01, Seed = 3 };

    private static readonly DataSet _data = new([.. Enumerable.Range(0, Rows).Select(row =>
    {
        int[] ids = [.. Enumerable.Range(0, Length).Select(t => (row * 31 + t * 7) % RandomTexts.Vocabulary)];
        return new Example(ids, ids);
    })]);

    [Fact]
    public void A_run_has_the_same_bits_and_takes_what_is_planned()
    {
        (float[][] values, double[] losses, _) = Run(packs: false);
        (float[][] packedValues, double[] packedLosses, long bytes) = Run(packs: true);
        Assert.Equal(losses, packedLosses);
        Assert.Equal(values, packedValues);

        MemoryPlan plan = TrainedLlama.PlanOf(_options with { PackWeights = true }, TrainedLlama.Ist);
        Assert.Equal(plan.Total - plan[MemoryKind.BaseWeights], bytes);
        // In each of three layers gate and up forwards and down backwards, 64 x 96, and the head forwards, 64 x 307 filled up to sixteens;
        // no other product has more than 64 columns.
        Assert.Equal(sizeof(float) * (3 * 3 * 64 * 96 + 64 * 320), plan[MemoryKind.PackedWeights]);
        Assert.Equal(0, TrainedLlama.PlanOf(_options, TrainedLlama.Ist)[MemoryKind.PackedWeights]);
    }

    private static (float[][] Values, double[] Losses, long Bytes) Run(bool packs)
    {
        using var run = new TrainedLlama(_options with { PackWeights = packs }, TrainedLlama.Ist, threads: 2, data: _data);
        double[] losses = [.. Enumerable.Range(0, _options.Steps).Select(_ => run.Trainer.Step().Loss)];
        return (run.Values(), losses, run.Trainer.ArenaBytes);
    }
}
