using System.Text;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;

namespace Ist.Reports.Runs;

/// <summary>What a run's folder tells of it. Of a run that was stopped or killed, what there is.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Record"><c>run.json</c>.</param>
/// <param name="Steps">The steps of <c>metrics.jsonl</c>.</param>
/// <param name="Evaluations">Its evaluations.</param>
/// <param name="Probes">Its events of the policy.</param>
/// <param name="Layers">How layers were chosen; null where no state was written yet.</param>
internal sealed record RunData(
    string Folder, JsonConfig Record, IReadOnlyList<StepRow> Steps, IReadOnlyList<EvaluationRow> Evaluations, IReadOnlyList<ProbeRow> Probes, LayerChoice? Layers)
{
    /// <summary>The file that tells a run's folder from others.</summary>
    public const string RecordFile = "run.json";

    /// <summary>The options of the run.</summary>
    public JsonConfig Config { get; } = Record.GetObject("config");

    /// <summary>The folder's own name.</summary>
    public string Name { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <summary>Tokens read per second over all steps; 0 where there is none.</summary>
    public double TokensPerSecond => Steps.Sum(step => step.Tokens / step.TokensPerSecond) is > 0 and double seconds ? Steps.Sum(step => step.Tokens) / seconds : 0;

    /// <summary>Reads a run's folder.</summary>
    /// <exception cref="InputException">It holds no run, or a damaged file.</exception>
    public static RunData Load(string folder)
    {
        string record = Path.Combine(folder, RecordFile), metrics = Path.Combine(folder, "metrics.jsonl");
        if (!File.Exists(record))
            throw new InputException($"{folder}: it has no {RecordFile}; give the folder that 'ist finetune' or 'ist compare' wrote to");
        List<StepRow> steps = [];
        List<EvaluationRow> evaluations = [];
        List<ProbeRow> probes = [];
        foreach (JsonConfig row in Rows(metrics))
        {
            if (row.Has("loss"))
                steps.Add(Step(row));
            else if (row.Has("eval_loss"))
                evaluations.Add(new EvaluationRow(row.GetInt("step"), row.GetDouble("eval_loss"), row.Has("eval_accuracy") ? row.GetDouble("eval_accuracy") : null));
            if (row.GetObjectOrNull("probe") is { } probe)
                probes.Add(new ProbeRow(row.GetInt("step"), probe.GetDoubles("importance"), [.. probe.GetDoubles("losses").Select(loss => Math.Exp(-loss))]));
        }
        return new RunData(folder, JsonConfig.Load(record), steps, evaluations, probes, LayerChoice.Load(folder));
    }

    private static StepRow Step(JsonConfig row) => new(
        row.GetInt("step"), row.GetDouble("loss"), row.GetDouble("learning_rate"), row.GetDouble("grad_norm"), (long)row.GetDouble("tokens"),
        row.GetDouble("tokens_per_second"), row.GetIntOrList("active_layers"), row.Has("saved_bytes") ? row.GetDouble("saved_bytes") : null);

    // A killed run may leave half a line, which has no end.
    private static IEnumerable<JsonConfig> Rows(string path)
    {
        if (!File.Exists(path))
            return [];
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string[] lines = reader.ReadToEnd().Split('\n');
        return lines[..^1].Select((line, i) => JsonConfig.Parse(Encoding.UTF8.GetBytes(line), $"{path}: line {i + 1}"));
    }
}
