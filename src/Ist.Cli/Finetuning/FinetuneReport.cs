using System.Globalization;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Evaluation;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Cli.Finetuning;

/// <summary>What <c>ist finetune</c> tells before a run and after it.</summary>
internal sealed class FinetuneReport(TextWriter output)
{
    private const int LabelWidth = 12;

    /// <summary>A kind of memory in words.</summary>
    public static string NameOf(MemoryKind kind) => kind switch
    {
        MemoryKind.BaseWeights => "base weights",
        MemoryKind.PackedWeights => "packed weights",
        MemoryKind.OptimizerState => "optimizer state",
        MemoryKind.SavedActivations => "saved activations",
        MemoryKind.KeyValueCache => "key value cache",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Tells what the run will be.</summary>
    public void Before(FinetuneOptions options, FinetuneInputs inputs, string device, MemoryPlan plan)
    {
        ModelContents contents = inputs.Loaded.Model.Contents;
        long all = new ParameterSet(contents).ModelCount;
        Line("device", device);
        Line("model", $"{inputs.Loaded.Family.ModelType}, {inputs.Loaded.Model.LayerCount} layers, {all - AddedCount(contents):N0} parameters, "
            + $"{(options.BeginsAtRandom ? "random" : inputs.Loaded.Config.DType.ToString())} ({options.Model})");
        Line("data", Told(inputs.Training, inputs.MaxLength));
        if (options.Packing)
        {
            Line("packed", string.Create(CultureInfo.InvariantCulture,
                $"{inputs.Training.Rows:N0} examples into {inputs.Rows.Count:N0} rows of {inputs.MaxLength} tokens, {100 * inputs.Rows.Empty:0.#} % padding"));
        }
        if (inputs.HeldOut is not null)
            Line("held out", Told(inputs.HeldOut, inputs.MaxLength));
        Slots(contents.Slots);
        Line("trainable", string.Create(CultureInfo.InvariantCulture, $"{contents.TrainableCount:N0} of {all:N0} parameters ({100.0 * contents.TrainableCount / all:F2} %)"));
        Line("layers", Told(inputs.Policy, inputs.Loaded.Model.LayerCount));
        Line("memory", $"{Bytes(plan.Total)} planned: " + string.Join(", ", Enum.GetValues<MemoryKind>()
            .Where(kind => plan[kind] > 0).Select(kind => $"{NameOf(kind)} {Bytes(plan[kind])}")));
        TrainingOptions numbers = inputs.Numbers;
        Line("run", string.Create(CultureInfo.InvariantCulture, $"{numbers.Steps:N0} steps of {numbers.BatchSize} rows ({(double)numbers.Steps * numbers.BatchSize / inputs.Rows.Count:0.##} epochs), ")
            + string.Create(CultureInfo.InvariantCulture, $"learning rate {numbers.LearningRate:0.######} {numbers.Schedule.ToString().ToLowerInvariant()}, seed {numbers.Seed}"));
    }

    /// <summary>Tells how the sample prompt goes on.</summary>
    public void Sample(string when, string prompt, IEnumerable<string> continuation)
    {
        Line(when, prompt.Trim().ReplaceLineEndings(" | "));
        Line("", "-> " + string.Concat(continuation).Trim().ReplaceLineEndings(" | "));
    }

    /// <summary>Tells how the run ended.</summary>
    public void After(EvaluationResult? first, EvaluationResult? last, int stepsDone, long tokens, TimeSpan time, string where)
    {
        if (first is { } before && last is { } after)
        {
            Line("held out", string.Create(CultureInfo.InvariantCulture, $"loss {before.Loss:F4} -> {after.Loss:F4}, ") + (after.Accuracy is null
                ? string.Create(CultureInfo.InvariantCulture, $"perplexity {before.Perplexity:F2} -> {after.Perplexity:F2} ({after.Tokens:N0} tokens)")
                : string.Create(CultureInfo.InvariantCulture, $"accuracy {before.Accuracy:P1} -> {after.Accuracy:P1} ({after.Tokens:N0} texts)")));
        }
        Line("time", string.Create(CultureInfo.InvariantCulture, $"{Duration(time)} for {stepsDone:N0} steps, {tokens / Math.Max(time.TotalSeconds, 1e-9):N0} tokens/s"));
        Line("written", where);
    }

    /// <summary>Tells how well a task was answered.</summary>
    public void Answered(string task, TaskResult result)
    {
        TaskMetric main = result.Metrics[0];
        string error = main.StandardError is double e ? string.Create(CultureInfo.InvariantCulture, $" ± {e:F4}") : "";
        Line("task", string.Create(CultureInfo.InvariantCulture, $"{task}: {main.Name} {main.Value:F4}{error} ({result.Predictions.Count:N0} rows)"));
    }

    /// <summary>Tells where the time went.</summary>
    public void Profile(WorkProfile profile)
    {
        output.WriteLine();
        ProfileTable.Write(profile, output);
    }

    /// <summary>A duration as people read it.</summary>
    public static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    private static string Told(DataSet data, int maxLength) =>
        $"{data.Rows:N0} rows, {data.Tokens:N0} tokens, {data.TrainedTokens:N0} of them trained"
        + (data.Cut == 0 ? "" : $"; {data.Cut:N0} rows cut to {maxLength} tokens");

    private static string Told(ISelectionPolicy policy, int layers)
    {
        string trained = $"{policy.ActiveIn(int.MaxValue)} of {layers} trained in a step";
        string told = policy switch
        {
            FlippedSparseTuning => $"{trained}, by reversed importance (ist-flipped)",
            ImportanceSparseTuning => $"{trained}, by importance (ist)",
            RandomSelection => $"{trained}, at random",
            LisaSelection => $"{trained}, at random, the same for {policy.HoldSteps} steps (lisa)",
            BlockSelection => $"{trained}, one after another for {policy.HoldSteps} steps each (badam)",
            GradientSelection => $"{trained}, by their gradients",
            FixedLayers => $"{trained}, always the same",
            _ => $"all {layers} trained in every step",
        };
        told += policy is ImportanceSparseTuning { Options.Probe: ProbeKind.FirstOrder } ? "; probes of first order" : "";
        told += policy is ImportanceSparseTuning { Options.WarmupSteps: > 0 and int warmup } ? $"; all in the first {warmup}" : "";
        return policy is AllLayers or FixedLayers || policy.LowestLayer == 0 ? told : $"{told}; of the highest {layers - policy.LowestLayer} alone";
    }

    // The parameters that a method adds to those of the model itself.
    private static long AddedCount(ModelContents contents) =>
        contents.TrainableCount - contents.Weights.Where(w => contents.Parameters.Contains(w.Parameter)).Sum(w => w.Count);

    /// <summary>A size as people read it.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F2} GiB"),
        >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):F1} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:F1} KiB"),
    };

    private void Slots(IReadOnlyList<SlotEntry> slots)
    {
        string label = "slots";
        foreach (var group in slots.GroupBy(slot => (Module: Pattern(slot), slot.Description)))
        {
            Line(label, $"{group.Key.Module,-36} {group.Count(),4}  {group.Key.Description ?? "-"}");
            label = "";
        }
    }

    private static string Pattern(SlotEntry slot) => slot.Layer < 0
        ? slot.Module
        : slot.Module.Replace(string.Create(CultureInfo.InvariantCulture, $".{slot.Layer}."), ".*.", StringComparison.Ordinal);

    private void Line(string label, string text) => output.WriteLine(label.PadRight(LabelWidth) + text);
}
