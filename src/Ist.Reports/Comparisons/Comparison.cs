using Ist.Reports.Runs;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;

namespace Ist.Reports.Comparisons;

/// <summary>What a comparison's folder tells.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Parts">Its runs that are done, by what they have alike.</param>
/// <param name="Tasks">The names of the tasks that runs answer.</param>
/// <param name="Planned">Runs of the whole comparison.</param>
internal sealed record Comparison(string Folder, IReadOnlyList<ComparisonPart> Parts, IReadOnlyList<string> Tasks, int Planned)
{
    /// <summary>The groups of runs that are done, without those that stand in two parts.</summary>
    public IEnumerable<ComparisonGroup> Groups => Parts.SelectMany(part => part.Groups).DistinctBy(group => group.Cells[0].Run.Folder);

    /// <summary>Runs that are done.</summary>
    public int Done => Groups.Sum(group => group.Cells.Count);

    /// <summary>The folder's own name.</summary>
    public string Name { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <summary>Reads a comparison's folder.</summary>
    /// <exception cref="InputException">It holds none, none of its runs is done, or a file is damaged or of other data.</exception>
    public static Comparison Load(string folder)
    {
        JsonConfig file = JsonConfig.Load(Path.Combine(folder, ComparisonReport.FileName));
        IReadOnlyList<string> tasks = file.GetStringOrList("tasks");
        IReadOnlyList<JsonConfig> listed = file.GetObjects("cells");
        var runs = new Dictionary<string, RunData>();
        List<(string Equal, ComparisonCell Cell)> cells = [];
        foreach (JsonConfig cell in listed)
        {
            string run = Path.Combine(folder, cell.GetString("folder"));
            if (!IsDone(run))
                continue;
            if (!runs.TryGetValue(run, out RunData? data))
                runs[run] = data = RunData.Load(run);
            cells.Add((cell.GetString("equal", "steps"), new ComparisonCell(cell.GetString("policy"), cell.GetString("method"), cell.GetString("seed"), data)
            {
                Tasks = tasks.Select(task => (task, Figure: TaskFigure.Find(run, task))).Where(t => t.Figure is not null).ToDictionary(t => t.task, t => t.Figure!.Value),
            }));
        }
        if (cells.Count == 0)
            throw new InputException($"{folder}: none of the comparison's runs is done; go on with 'ist compare … --resume'");
        RequireSameInputs([.. runs.Values]);
        Dictionary<(string, string), StepTime> times = Times(file);
        return new Comparison(folder, [.. cells.GroupBy(c => c.Equal).Select(part => new ComparisonPart(part.Key, [.. ByPolicy(part.Select(c => c.Cell), times)]))],
            tasks, listed.DistinctBy(cell => cell.GetString("folder")).Count());
    }

    /// <summary>Whether the run of a folder is done.</summary>
    /// <exception cref="InputException">Its record is damaged.</exception>
    public static bool IsDone(string run) =>
        Path.Combine(run, RunData.RecordFile) is var record && File.Exists(record) && JsonConfig.Load(record).GetString("status") == "completed";

    private static void RequireSameInputs(RunData[] runs)
    {
        foreach (string key in (string[])["model_hash", "data_hash", "eval_data_hash"])
        {
            if (runs.FirstOrDefault(run => run.Record.GetRaw(key) != runs[0].Record.GetRaw(key)) is { } other)
                throw new InputException($"{other.Folder}: its {key} is another one than that of {runs[0].Folder}, so the two can't be compared; delete the older one and go on with --resume");
        }
    }

    private static IEnumerable<ComparisonGroup> ByPolicy(IEnumerable<ComparisonCell> cells, Dictionary<(string, string), StepTime> times) =>
        cells.GroupBy(c => (c.Policy, c.Method)).Select(g => new ComparisonGroup(g.Key.Policy, g.Key.Method, [.. g])
        {
            StepTime = times.TryGetValue(g.Key, out StepTime time) ? time : null,
        });

    private static Dictionary<(string, string), StepTime> Times(JsonConfig file) => !file.Has("step_times") ? [] : file.GetObjects("step_times").ToDictionary(
        time => (time.GetString("policy"), time.GetString("method")),
        time => new StepTime(time.GetDouble("milliseconds"), time.GetDouble("ratio"), time.GetString("clock")));
}
