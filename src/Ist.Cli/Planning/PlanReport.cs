using System.Globalization;
using System.Text;
using Ist.Cli.Finetuning;
using Ist.Models;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Training;

namespace Ist.Cli.Planning;

/// <summary>What <c>ist plan</c> tells.</summary>
/// <param name="model">The model.</param>
/// <param name="numbers">The run's numbers.</param>
/// <param name="plans">The plan by each policy.</param>
/// <param name="memory">What a run has.</param>
/// <param name="fitting">What to give where that is too little.</param>
internal sealed class PlanReport(
    LoadedModel model, TrainingOptions numbers, IReadOnlyList<(string Name, RunPlan Plan)> plans, DeviceMemory memory, FittingOptions fitting)
{
    private const int LabelWidth = 24, ColumnWidth = 18;

    private readonly ModelContents _contents = model.Model.Contents;

    /// <summary>Says which plans exceed the available memory; null where all fit.</summary>
    public string? Shortage
    {
        get
        {
            string[] large = [.. plans.Where(p => !memory.Fits(p.Plan.Memory)).Select(p => $"{p.Name} {FinetuneReport.Bytes(memory.Needed(p.Plan.Memory))}")];
            return large.Length == 0 ? null
                : $"more than the {FinetuneReport.Bytes(memory.Available)} of memory that are available would be taken by {string.Join(", ", large)}; {fitting.Advice()}";
        }
    }

    /// <summary>One object with all numbers: bytes, and floating point operations of a step.</summary>
    public Dictionary<string, object?> ToJson() => new()
    {
        ["model"] = model.Path,
        ["model_type"] = model.Family.ModelType,
        ["layers"] = model.Model.LayerCount,
        ["parameters"] = new ParameterSet(_contents).ModelCount,
        ["trainable_parameters"] = _contents.TrainableCount,
        ["batch_size"] = numbers.BatchSize,
        ["micro_batch_size"] = numbers.Sequences,
        ["max_length"] = numbers.MaxLength,
        ["tokens"] = plans[0].Plan.Tokens,
        ["gradient_checkpointing"] = numbers.GradientCheckpointing,
        ["pack_weights"] = numbers.PackWeights,
        ["device"] = memory.Device,
        ["runtime_bytes"] = memory.Runtime,
        ["available_bytes"] = memory.Available,
        ["plans"] = plans.ToDictionary(p => p.Name, p => (object?)Json(p.Plan)),
    };

    /// <summary>The same for people.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line.TrimEnd()).Append('\n');
        void Row(string label, IEnumerable<string> columns) => Line(label.PadRight(LabelWidth) + string.Concat(columns.Select(c => c.PadLeft(ColumnWidth))));

        Line(string.Create(CultureInfo.InvariantCulture, $"{"model",-12}{model.Family.ModelType}, {model.Model.LayerCount} layers ({model.Path})"));
        Line(string.Create(CultureInfo.InvariantCulture, $"{"trainable",-12}{_contents.TrainableCount:N0} of {new ParameterSet(_contents).ModelCount:N0} parameters"));
        Line(string.Create(CultureInfo.InvariantCulture,
            $"{"batch",-12}{numbers.BatchSize} rows of {numbers.MaxLength} tokens, {plans[0].Plan.Tokens:N0} in a step, {numbers.Sequences} rows at once{(numbers.GradientCheckpointing ? ", gradient checkpointing" : "")}{(numbers.PackWeights ? ", packed weights" : "")}"));
        Line($"{"device",-12}{memory.Device}");
        Line("");
        Row("memory", plans.SelectMany(p => IsDrawn(p.Plan) ? (string[])[p.Name, p.Name + ", mean"] : [p.Name]));
        foreach (MemoryKind kind in Enum.GetValues<MemoryKind>().Where(kind => plans.Any(p => p.Plan.Memory[kind] > 0)))
            Row(NameOf(kind), Memory(plan => plan[kind]));
        Row("total", Memory(plan => plan.Total));
        if (memory.Runtime > 0)
            Row("peak of the process", Memory(memory.Needed));
        Row("available", [FinetuneReport.Bytes(memory.Available)]);
        Line("");
        Row("FLOPs of a step", plans.Select(p => p.Name));
        foreach ((string name, Func<RunPlan, double> of) in Work)
            Row(name, plans.Select(p => Operations(of(p.Plan))));
        Row("of all layers trained", plans.Select(p => Share(p.Plan.Work.Total)));
        Row("the same, at most", plans.Select(p => Share(p.Plan.MostWork)));
        Line("");
        Row("layers of a step", plans.Select(p => p.Name));
        Row("trained", plans.Select(p => p.Plan.ActiveLayers.ToString(CultureInfo.InvariantCulture)));
        Row("backward depth", plans.Select(p => p.Plan.Depth.ToString("F1", CultureInfo.InvariantCulture)));
        Row("backward depth, at most", plans.Select(p => p.Plan.MostDepth.ToString(CultureInfo.InvariantCulture)));
        foreach ((string name, RunPlan plan) in plans)
        {
            Line("");
            Line($"backward pass by layer, {name}: " + string.Join(", ", ByLayer(plan.Work.BackwardByLayer)));
        }
        return text.ToString();
    }

    private string Share(double work) => (work / plans[0].Plan.Work.Total).ToString("F3", CultureInfo.InvariantCulture);

    private static IReadOnlyList<(string Name, Func<RunPlan, double> Of)> Work { get; } =
    [
        ("forward: layers", plan => plan.Work.Forward.Layers),
        ("forward: attention", plan => plan.Work.Forward.Attention),
        ("forward: adapters", plan => plan.Work.Forward.Adapters),
        ("forward: head", plan => plan.Work.Forward.Head),
        ("backward: layers", plan => plan.Work.Backward.Layers),
        ("backward: attention", plan => plan.Work.Backward.Attention),
        ("backward: adapters", plan => plan.Work.Backward.Adapters),
        ("backward: head", plan => plan.Work.Backward.Head),
        ("probes", plan => plan.Work.Probes),
        ("total", plan => plan.Work.Total),
        ("per token", plan => plan.Work.Total / plan.Tokens),
    ];

    private static bool IsDrawn(RunPlan plan) => plan.Expected.Total != plan.Memory.Total;

    private IEnumerable<string> Memory(Func<MemoryPlan, long> of) => plans.SelectMany(p =>
        IsDrawn(p.Plan) ? (string[])[FinetuneReport.Bytes(of(p.Plan.Memory)), FinetuneReport.Bytes(of(p.Plan.Expected))] : [FinetuneReport.Bytes(of(p.Plan.Memory))]);

    // What is trained are adapters, or with --method full the weights themselves.
    private static string NameOf(MemoryKind kind) => kind == MemoryKind.Parameters ? "adapters" : FinetuneReport.NameOf(kind);

    // Neighbours that take the same are told together.
    private static IEnumerable<string> ByLayer(IReadOnlyList<double> work)
    {
        for (int first = 0, end; first < work.Count; first = end)
        {
            string operations = Operations(work[first]);
            end = first + 1;
            while (end < work.Count && Operations(work[end]) == operations)
                end++;
            yield return end == first + 1 ? $"{first}: {operations}" : $"{first}-{end - 1}: {operations} each";
        }
    }

    private static string Operations(double count) => count switch
    {
        0 => "0",
        >= 1e15 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e15:F2} P"),
        >= 1e12 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e12:F2} T"),
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:F2} G"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:F2} M"),
    };

    private Dictionary<string, object?> Json(RunPlan plan) => new()
    {
        ["active_layers"] = plan.ActiveLayers,
        ["backward_depth"] = plan.Depth,
        ["most_backward_depth"] = plan.MostDepth,
        ["bytes"] = Json(plan.Memory),
        ["expected_bytes"] = Json(plan.Expected),
        ["peak_resident_bytes"] = memory.Needed(plan.Memory),
        ["fits"] = memory.Fits(plan.Memory),
        ["flops"] = new Dictionary<string, object?>
        {
            ["forward"] = Json(plan.Work.Forward),
            ["backward"] = Json(plan.Work.Backward),
            ["backward_by_layer"] = plan.Work.BackwardByLayer.Select(Rounded).ToArray(),
            ["probes"] = Rounded(plan.Work.Probes),
            ["total"] = Rounded(plan.Work.Total),
            ["most"] = Rounded(plan.MostWork),
        },
    };

    private static Dictionary<string, object?> Json(MemoryPlan plan)
    {
        var bytes = Enum.GetValues<MemoryKind>().ToDictionary(kind => NameOf(kind).Replace(' ', '_'), kind => (object?)plan[kind]);
        bytes["total"] = plan.Total;
        return bytes;
    }

    private static Dictionary<string, object?> Json(PassWork work) => new()
    {
        ["layers"] = Rounded(work.Layers),
        ["attention"] = Rounded(work.Attention),
        ["adapters"] = Rounded(work.Adapters),
        ["head"] = Rounded(work.Head),
        ["total"] = Rounded(work.Total),
    };

    private static long Rounded(double count) => (long)Math.Round(count);
}
