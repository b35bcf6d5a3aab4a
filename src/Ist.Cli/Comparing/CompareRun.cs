using System.Globalization;
using Ist.Cli.Finetuning;
using Ist.Reports;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;

namespace Ist.Cli.Comparing;

/// <summary>
/// A comparison: runs one after another, each in a folder of its own, and a table of them all. What is done is not done again, and a run
/// that was killed begins anew or goes on from its checkpoint, to the same bits.
/// </summary>
/// <param name="output">The comparison's folder.</param>
/// <param name="common">The settings that all runs have in common.</param>
/// <param name="cells">The runs of equal steps.</param>
/// <param name="equal">What runs have alike.</param>
/// <param name="resumes">Whether to go on with a comparison that the folder holds.</param>
/// <param name="terminal">Where it is told.</param>
internal sealed class CompareRun(string output, Dictionary<string, object?> common, IReadOnlyList<CompareCell> cells, IReadOnlyList<EqualBudget> equal, bool resumes, Terminal terminal)
{
    /// <summary>Does it.</summary>
    /// <returns>The command's exit code.</returns>
    /// <exception cref="InputException">Something that was given is wrong, or the folder holds another comparison.</exception>
    /// <exception cref="RunException">A run failed.</exception>
    public int Run()
    {
        RequireSame();
        var tasks = new RunTasks(cells[0].Options.Tasks, terminal);
        IReadOnlyList<StepTime> times = EqualTime.Measured(output);
        List<CompareCell> compared = equal.Contains(EqualBudget.Steps) ? [.. cells] : [];
        if (equal.Contains(EqualBudget.Time))
        {
            var equalTime = new EqualTime(output, cells, terminal);
            equalTime.Check();
            times = equalTime.Measure();
            compared.AddRange(equalTime.Runs(times));
        }
        OutputFolder.Prepare(output);
        WriteCells(compared, times, tasks);
        CompareCell[] runs = [.. compared.DistinctBy(cell => cell.Name)];
        for (int i = 0; i < runs.Length; i++)
        {
            CompareCell cell = runs[i];
            string place = string.Create(CultureInfo.InvariantCulture, $"run {i + 1} of {runs.Length}: {cell.Name}");
            if (ComparisonReport.IsDone(cell.Options.Output))
            {
                terminal.Output.WriteLine($"{place} is done already");
                tasks.Answer(cell.Options);
                continue;
            }
            terminal.Output.WriteLine(place);
            int code = new FinetuneRun(cell.Options, terminal).Run();
            if (code != ExitCode.Done)
                return code;
            terminal.Output.WriteLine();
        }
        terminal.Output.WriteLine(ComparisonReport.Table(output));
        foreach (string file in ComparisonReport.Write(output, Path.Combine(output, "report.html")))
            terminal.Output.WriteLine($"written     {file}");
        return ExitCode.Done;
    }

    private void RequireSame()
    {
        string path = Path.Combine(output, ComparisonReport.FileName);
        if (!File.Exists(path))
            return;
        if (!resumes)
            throw new InputException($"{output}: the folder holds a comparison already; add --resume to go on with it, or give another folder");
        JsonConfig before = JsonConfig.Load(path).GetObject("common");
        foreach (string key in before.Keys.Union(common.Keys))
        {
            string then = before.GetRaw(key), now = common.TryGetValue(key, out object? value) ? PythonJson.Dumps(value) : "";
            if (then != now)
                throw new InputException($"{output}: the folder holds a comparison with {Shown(key, then)}, this one has {Shown(key, now)}; give another folder");
        }

        static string Shown(string key, string json) => json.Length == 0 ? $"no {key}" : $"{key} {json}";
    }

    private void WriteCells(IReadOnlyList<CompareCell> compared, IReadOnlyList<StepTime> times, RunTasks tasks) => AtomicFile.WriteAllText(Path.Combine(output, ComparisonReport.FileName), PythonJson.Dumps(new Dictionary<string, object?>
    {
        ["common"] = common,
        ["tasks"] = tasks.Names,
        ["step_times"] = times.Select(time => time.ToJson()),
        ["cells"] = compared.Select(cell => new Dictionary<string, object?>
        {
            ["folder"] = cell.Name,
            ["policy"] = cell.Policy,
            ["method"] = cell.Method,
            ["equal"] = cell.Equal.ToString().ToLowerInvariant(),
            ["seed"] = cell.Options.Seed.ToString(CultureInfo.InvariantCulture),
        }),
    }) + "\n");
}
