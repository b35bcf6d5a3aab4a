using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>A golden Llama of three layers, or another checkpoint, in the hands of a trainer.</summary>
internal sealed class TrainedLlama : IDisposable
{
    private readonly LoadedModel _loaded;
    private readonly CpuDevice _device;

    public TrainedLlama(
        TrainingOptions options, Func<int, ISelectionPolicy> policy, PeftOptions? peft = null, int threads = 1, bool random = false,
        string checkpoint = "llama-gqa-tied-rope3", DataSet? data = null)
    {
        _loaded = LoadedModel.Load(GoldenSet.CheckpointPath(checkpoint), _ => peft ?? Lora(), random);
        _device = new CpuDevice(threads);
        Trainer = new Trainer(_device, _loaded.Model, _loaded.Config.Widths, data ?? Data, options, policy(_loaded.Model.LayerCount));
    }

    public static DataSet Data { get; } = RandomTexts.Rows(40, seed: 5);

    public static TrainingOptions Options => new() { Steps = 24, BatchSize = 8, MaxLength = RandomTexts.MaxLength, LearningRate = .01, Seed = 3 };

    public Trainer Trainer { get; }

    /// <summary>What the run was planned to take, the base weights left out.</summary>
    public static MemoryPlan PlanOf(TrainingOptions options, Func<int, ISelectionPolicy> policy)
    {
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath("llama-gqa-tied-rope3"), _ => Lora());
        return Trainer.Plan(loaded.Model, loaded.Config.Widths, options, policy(loaded.Model.LayerCount));
    }

    public int Layers => _loaded.Model.LayerCount;

    public static LoraOptions Lora(double dropout = 0) =>
        new(new LoraAdapterConfig { R = 4, LoraAlpha = 8, LoraDropout = dropout, TargetModules = ModuleSelector.AllLinear }, "the test");

    public static ISelectionPolicy Ist(int layers) => new ImportanceSparseTuning(layers, 3, new IstOptions { Interval = 4 });

    /// <summary>The values of all parameters, in their order.</summary>
    public unsafe float[][] Values() => [.. Trainer.Parameters.All.ToArray().Select(p => new Span<float>(p.Value, (int)p.Count).ToArray())];

    /// <summary>The gradients of all parameters, in their order.</summary>
    public unsafe float[][] Gradients() => [.. Trainer.Parameters.All.ToArray().Select(p => new Span<float>(p.Gradient, (int)p.Count).ToArray())];

    public void Dispose()
    {
        Trainer.Dispose();
        _device.Dispose();
        _loaded.Dispose();
    }
}
