using Ist.Runtime.Checkpoints;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>Truncated draws and freed moments with every kind of slot, with experts, and with ranks of their own in each layer.</summary>
public sealed class SelectionTrainingTests
{
    public static TheoryData<string, string> Cases => new()
    {
        { "llama-gqa-tied-rope3", "ranks" },
        { "llama-mha", "prefix" },
        { "llama-mha", "branch" },
        { "mixtral", "lora" },
        { "gpt2", "lora" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Layers_below_stay_as_they_begin_and_those_above_learn(string checkpoint, string method)
    {
        using TrainedLlama model = Train(checkpoint, method, InactiveMoments.Free, layers => new ImportanceSparseTuning(layers, 3, new IstOptions { Truncate = 2, Interval = 3 }), out float[][] before);
        float[][] after = model.Values();
        int lowest = model.Layers - 2, moved = 0;
        for (int i = 0; i < before.Length; i++)
        {
            Parameter parameter = model.Trainer.Parameters.All[i];
            if (parameter.Layer >= 0 && parameter.Layer < lowest)
                Assert.Equal(before[i], after[i]);
            else
                moved += before[i].AsSpan().SequenceEqual(after[i]) ? 0 : 1;
        }
        Assert.True(moved > 0);
        Assert.Equal(0, model.Trainer.LayerCounts[..lowest].ToArray().Sum());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Freed_moments_train_as_cleared_ones_do(string checkpoint, string method)
    {
        using TrainedLlama cleared = Train(checkpoint, method, InactiveMoments.Clear, TrainedLlama.Ist, out _), freed = Train(checkpoint, method, InactiveMoments.Free, TrainedLlama.Ist, out _);
        Assert.Equal(cleared.Values(), freed.Values());
        Assert.True(freed.Trainer.ArenaBytes < cleared.Trainer.ArenaBytes);
    }

    private static TrainedLlama Train(string checkpoint, string method, InactiveMoments inactive, Func<int, ISelectionPolicy> policy, out float[][] before)
    {
        TrainingOptions options = TrainedLlama.Options with { InactiveMoments = inactive };
        var model = new TrainedLlama(options, policy, Options(method), checkpoint: checkpoint);
        before = model.Values();
        for (int step = 0; step < 12; step++)
            model.Trainer.Step();
        return model;
    }

    private static PeftOptions Options(string method) => method switch
    {
        "prefix" => new PrefixOptions(new PrefixConfig { Shared = new PromptLearningConfig { NumVirtualTokens = 3 } }, "the test"),
        "branch" => new BranchAdapterOptions(new BranchAdapterConfig
        {
            Name = "tiny",
            ModelType = "llama",
            MhAdapter = true,
            Input = BranchInput.Output,
            NonLinearity = "relu",
            ReductionFactor = 4,
            Scaling = 1,
        }, "the test"),
        "ranks" => new LoraOptions(TrainedLlama.Lora().Config with
        {
            RankPattern = [new(@"layers\.0\..*", 9), new(@"layers\.2\..*q_proj", 1)],
            AlphaPattern = [new(@"layers\.1\..*", 3)],
        }, "the test"),
        _ => TrainedLlama.Lora(),
    };
}
