using Ist.Reports.Runs;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;

namespace Ist.Reports.Comparisons;

/// <summary>What a comparison's folder tells: its runs by policy and method, of which the first is what the others are measured by.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Groups">The groups with a run that is done.</param>
/// <param name="Planned">Runs of the whole comparison.</param>
internal sealed record Comparison(string Folder, IReadOnlyList<ComparisonGroup> Groups, int Planned)
{
    /// <summary>Runs that are done.</summary>
    public int Done => Groups.Sum(group => group.Cells.Count);

    /// <summary>The folder's own name.</summary>
    public string Name { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <summary>Reads a comparison's folder.</summary>
    /// <exception cref="InputException">It holds none, none of its runs is done, or a file is damaged or of other data.</exception>
    public static Comparison Load(string folder)
    {
        JsonConfig file = JsonConfig.Load(Path.Combine(folder, ComparisonReport.FileName));
        IReadOnlyList<JsonConfig> listed = file.GetObjects("cells");
        List<ComparisonCell> cells = [];
        foreach (JsonConfig cell in listed)
        {
            string run = Path.Combine(folder, cell.GetString("folder"));
            if (IsDone(run))
                cells.Add(new ComparisonCell(cell.GetString("policy"), cell.GetString("method"), cell.GetString("seed"), RunData.Load(run)));
        }
        if (cells.Count == 0)
            throw new InputException($"{folder}: none of the comparison's runs is done; go on with 'ist compare … --resume'");
        foreach (string key in (string[])["model_hash", "data_hash", "eval_data_hash"])
        {
            if (cells.FirstOrDefault(c => c.Run.Record.GetRaw(key) != cells[0].Run.Record.GetRaw(key)) is { } other)
                throw new InputException($"{other.Run.Folder}: its {key} is another one than that of {cells[0].Run.Folder}, so the two can't be compared; delete the older one and go on with --resume");
        }
        return new Comparison(folder, [.. cells.GroupBy(c => (c.Policy, c.Method)).Select(g => new ComparisonGroup(g.Key.Policy, g.Key.Method, [.. g]))], listed.Count);
    }

    /// <summary>Whether the run of a folder is done.</summary>
    /// <exception cref="InputException">Its record is damaged.</exception>
    public static bool IsDone(string run) =>
        Path.Combine(run, RunData.RecordFile) is var record && File.Exists(record) && JsonConfig.Load(record).GetString("status") == "completed";
}
