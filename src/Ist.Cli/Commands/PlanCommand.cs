using System.CommandLine;
using Ist.Cli.Finetuning;
using Ist.Cli.Planning;
using Ist.Cli.Settings;
using Ist.Models;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Cli.Commands;

/// <summary><c>ist plan</c>: what a run of <c>ist finetune</c> will take, before anything is allocated.</summary>
internal static class PlanCommand
{
    private const string Examples = """
        ist plan --model llama/
        ist plan --model llama/ --target all-linear --rank 16 --micro-batch-size 4 --max-length 512
        ist plan --model llama/ --method full --gradient-checkpointing --json
        ist plan --model llama/ --card-memory 24GiB
        A folder with config.json alone will do: nothing is read of the weights. --device cuda plans for this machine's card, --card-memory
        for one that is elsewhere.
        """;

    private static readonly Setting<bool> _json = new("json", "", SettingKind.Switch(), "Write one JSON object instead of a table");

    private static readonly Setting<long> _cardMemory = new("card-memory", "SIZE", SettingKind.Size(), "Plan for a card with so much free memory, such as 24GiB, that is not here");

    private static readonly IReadOnlyList<Setting> _settings = [.. FinetuneSettings.OfPlan, SharedSettings.Adapter, _cardMemory, _json];

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal) => CommandAction.Create(
        "plan", "Tells the memory and the work that fine-tuning takes, with all layers trained, with IST, and with IST in the highest layers alone.", _settings, Examples,
        parsed => Run(new SettingReader(_settings, parsed), terminal), terminal);

    private static int Run(SettingReader reader, Terminal terminal)
    {
        FinetuneOptions options = FinetuneSettings.ReadPlan(reader);
        Func<IModelFamily, PeftOptions> method = reader.GetOrNull(SharedSettings.Adapter) is { } adapter
            ? _ => OfAdapter(adapter, terminal)
            : family => MethodSettings.Of(options, family);
        using LoadedModel model = LoadedModel.Outline(options.Model, method, options.BeginsAtRandom);
        var numbers = new TrainingOptions
        {
            Steps = 1,
            BatchSize = options.BatchSize,
            MicroBatchSize = options.MicroBatchSize,
            MaxLength = FinetuneInputs.MaxLengthOf(options, model.MaxTokens),
            GradientCheckpointing = options.GradientCheckpointing,
            PackWeights = options.PackWeights,
            Precision = options.Precision,
        };
        var plans = new List<(string Name, RunPlan Plan)>();
        options.Selection.RequireFits(new ParameterSet(model.Model.Contents));
        foreach ((string name, Selection selection) in Compared(options.Selection, model.Model))
        {
            ISelectionPolicy policy = selection.PolicyOf(model.Model.LayerCount, options.Seed);
            plans.Add((name, RunPlan.Of(model.Model, model.Config.Widths, numbers with { InactiveMoments = selection.State }, policy)));
        }
        ISelectionPolicy asked = options.Selection.PolicyOf(model.Model.LayerCount, options.Seed);
        DeviceMemory memory = MemoryOf(reader, options, model, numbers);
        var report = new PlanReport(model, numbers, plans, memory, new FittingOptions(model.Model, model.Config.Widths, numbers, asked, memory));
        terminal.Output.Write(reader.Get(_json, false) ? PythonJson.Dumps(report.ToJson()) + "\n" : report.ToTable());
        if (report.Shortage is { } shortage)
            terminal.Warn(shortage);
        return ExitCode.Done;
    }

    private static DeviceMemory MemoryOf(SettingReader reader, FinetuneOptions options, LoadedModel model, TrainingOptions numbers)
    {
        reader.Exclude(_cardMemory, SharedSettings.Device);
        if (reader.Find(_cardMemory) is { } given)
        {
            KernelSurvey.RequireTrainingOnGpu(model.Model, model.Config.Widths, numbers);
            long bytes = _cardMemory.Read(given);
            return new DeviceMemory($"a card with {FinetuneReport.Bytes(bytes)} of free memory", bytes, 0);
        }
        using Device device = options.Device.Open(options.Threads, opened => KernelSurvey.RequireTraining(opened, model.Model, model.Config.Widths, numbers), out string? reason);
        DeviceMemory memory = DeviceMemory.Of(device);
        return reason is null ? memory : memory with { Device = $"{memory.Device} ({reason})" };
    }

    // All layers, the policy that was asked for, and the same truncated: to what was asked for, or with IST to a third of the layers.
    private static IEnumerable<(string Name, Selection Selection)> Compared(Selection asked, IModel model)
    {
        yield return ("all", new Selection());
        if (asked.Sparse == Sparsity.All)
            yield break;
        Selection whole = asked with { Truncate = null };
        ISelectionPolicy policy = whole.PolicyOf(model.LayerCount, seed: 0);
        yield return (policy.Name, whole);
        bool isOffered = asked.Sparse == Sparsity.Ist && model.LayerCount > 0 && !new ParameterSet(model.Contents).TrainsInput;
        int? truncate = asked.Truncate ?? (isOffered ? Math.Max(policy.ActiveIn(int.MaxValue), (model.LayerCount + 2) / 3) : null);
        if (asked.Truncate is not null || truncate < model.LayerCount)
            yield return ("truncated", asked with { Truncate = truncate });
    }

    private static PeftOptions OfAdapter(string adapter, Terminal terminal)
    {
        using AdapterFolder folder = AdapterFolder.Open(adapter);
        PeftOptions peft = PeftTypes.Read(folder.Config, out IReadOnlyList<string> warnings);
        foreach (string warning in warnings)
            terminal.Warn(warning);
        return peft;
    }
}
