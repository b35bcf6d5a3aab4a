using System.Diagnostics;
using Ist.Models;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.GpuBench;

/// <summary>Steps of LoRA, with all layers trained or those that IST draws.</summary>
internal static class StepBench
{
    /// <summary>Measures them.</summary>
    /// <param name="device">The card.</param>
    /// <param name="folder">The model.</param>
    /// <param name="shape">Its shape and batch.</param>
    /// <param name="precision">How factors of products are rounded.</param>
    /// <param name="sparse">Whether IST draws the layers.</param>
    /// <param name="profile">Receives where the time of one more step goes, for which every kernel is waited for; or null.</param>
    public static StepTimes Of(IlgpuDevice device, string folder, BenchShape shape, Precision precision, bool sparse, TextWriter? profile)
    {
        using LoadedModel loaded = LoadedModel.Load(folder, family => new LoraOptions(
            new LoraAdapterConfig { R = BenchShape.Rank, LoraAlpha = BenchShape.Alpha, TargetModules = ModuleSelector.AllLinear, TaskType = family.TaskType }, "the benchmark"));
        var options = new TrainingOptions { Steps = shape.WarmSteps + shape.Steps + 1, BatchSize = shape.Rows, MaxLength = shape.Length, Precision = precision };
        while (Trainer.Plan(loaded.Model, loaded.Config.Widths, options, Policy()) is { Total: var needed } && needed > device.FreeBytes)
        {
            if (options.Sequences == 1)
                return new StepTimes(0, 0, needed, 0, 0);
            options = options with { MicroBatchSize = options.Sequences / 2 };
        }
        RunPlan plan = RunPlan.Of(loaded.Model, loaded.Config.Widths, options, Policy());
        var random = new Random(2);
        var data = new DataSet([.. Enumerable.Range(0, 2 * shape.Rows).Select(_ => Enumerable.Range(0, shape.Length).Select(_ => random.Next(shape.Vocabulary)).ToArray()).Select(ids => new Example(ids, ids))]);
        using var trainer = new Trainer(device, loaded.Model, loaded.Config.Widths, data, options, Policy());
        for (int step = 0; step < shape.WarmSteps; step++)
            trainer.Step();
        device.Synchronize();
        long begin = Stopwatch.GetTimestamp();
        StepResult last = default;
        for (int step = 0; step < shape.Steps; step++)
            last = trainer.Step();
        device.Synchronize();
        double taken = Stopwatch.GetElapsedTime(begin).TotalSeconds / shape.Steps;
        if (profile is not null)
        {
            device.Profile = new WorkProfile();
            trainer.Step();
            ProfileTable.Write(device.Profile, profile);
            device.Profile = null;
        }
        return new StepTimes(options.Sequences, taken, plan.Memory.Total, plan.Work.Total, last.Loss);

        ISelectionPolicy Policy() => sparse
            ? new ImportanceSparseTuning(loaded.Model.LayerCount, options.Seed, new IstOptions { ProbeRows = shape.Rows })
            : new AllLayers(loaded.Model.LayerCount);
    }
}
