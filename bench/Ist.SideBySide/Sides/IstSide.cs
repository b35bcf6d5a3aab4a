using System.Globalization;
using Ist.Models;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.SideBySide.Sides;

/// <summary>Ist: all layers in every step, or those that a policy chooses.</summary>
internal sealed class IstSide : ISide
{
    private readonly CpuDevice _device;
    private readonly LoadedModel _loaded;
    private readonly Trainer _trainer;
    private readonly MemoryPlan _plan;
    private readonly bool _profiles;
    private long _trained;
    private long _depth;
    private long _saved;

    public IstSide(SideOptions options)
    {
        _device = new CpuDevice(options.Threads);
        _profiles = options.Profiles;
        _loaded = LoadedModel.Load(options.Folder, family => new LoraOptions(new LoraAdapterConfig
        {
            R = LlamaShape.Rank,
            LoraAlpha = LlamaShape.Alpha,
            TargetModules = ModuleSelector.OfNames(LlamaShape.Targets),
            TaskType = family.TaskType,
        }, "the program"));
        int[][] tokens = Fixture.Tokens(options.Shape, options.Rows, options.Length);
        var data = new DataSet([.. tokens.Select(row => new Example(row, row))]);
        var numbers = new TrainingOptions
        {
            Steps = options.Steps,
            BatchSize = options.Rows,
            MaxLength = options.Length,
            LearningRate = SideOptions.LearningRate,
            Schedule = ScheduleKind.Constant,
            MaxGradNorm = 0,
            PackWeights = options.Side == "packed",
        };
        ISelectionPolicy policy = options.Side switch
        {
            "sparse" => new ImportanceSparseTuning(options.Shape.Layers, numbers.Seed, new IstOptions { ProbeRows = options.Rows }),
            "first-order" => new ImportanceSparseTuning(options.Shape.Layers, numbers.Seed, new IstOptions { Probe = ProbeKind.FirstOrder }),
            "truncated" => new ImportanceSparseTuning(options.Shape.Layers, numbers.Seed, new IstOptions { ProbeRows = options.Rows, Truncate = options.Shape.Layers / 3 }),
            "first-order-truncated" => new ImportanceSparseTuning(options.Shape.Layers, numbers.Seed, new IstOptions { Probe = ProbeKind.FirstOrder, Truncate = options.Shape.Layers / 3 }),
            "random" => new RandomSelection(options.Shape.Layers, numbers.Seed),
            "random-truncated" => new RandomSelection(options.Shape.Layers, numbers.Seed, truncate: options.Shape.Layers / 3),
            _ => new AllLayers(options.Shape.Layers),
        };
        _plan = Trainer.Plan(_loaded.Model, _loaded.Config.Widths, numbers, policy);
        _trainer = new Trainer(_device, _loaded.Model, _loaded.Config.Widths, data, numbers, policy);
        _trainer.Parameters.Load(Path.Combine(options.Folder, Fixture.AdapterFile));
        _device.Profile = new WorkProfile();
    }

    public IEnumerable<string> Notes
    {
        get
        {
            WorkProfile profile = _device.Profile!;
            double step = profile.TimeOfSteps.TotalMilliseconds / profile.Steps, choosing = profile.TimeOf(StepPhase.Selection).TotalMilliseconds / profile.Steps;
            yield return string.Create(CultureInfo.InvariantCulture,
                $"a step {step:F1} ms, {choosing:F1} of them to choose layers (probes); {_trained / (double)profile.Steps:F2} layers trained, backward depth {_depth / (double)profile.Steps:F2}");
            yield return string.Create(CultureInfo.InvariantCulture,
                $"saved activations {_plan[MemoryKind.SavedActivations] / 1048576.0:F1} MiB laid out, {_saved / 1048576.0 / profile.Steps:F1} of them for a step's layers; planned {(_plan.Total + HostMemory.RuntimeBytes(_device.Threads)) / 1048576.0:F0} MiB");
            if (!_profiles)
                yield break;
            using var table = new StringWriter();
            ProfileTable.Write(profile, table);
            foreach (string line in table.ToString().Split('\n'))
                yield return line;
        }
    }

    public void BeginMeasuring()
    {
        _device.Profile!.Reset();
        (_trained, _depth, _saved) = (0, 0, 0);
    }

    public double Result { get; private set; }

    public void Step()
    {
        StepResult step = _trainer.Step();
        Result = step.Loss;
        _trained += step.ActiveLayers;
        _depth += step.BackwardDepth;
        _saved += step.SavedBytes;
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _loaded.Dispose();
        _device.Dispose();
    }
}
