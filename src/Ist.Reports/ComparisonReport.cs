using Ist.Reports.Charts;
using Ist.Reports.Comparisons;
using Ist.Reports.Pages;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports;

/// <summary>Tables, a page and images about a comparison of runs.</summary>
public static class ComparisonReport
{
    /// <summary>The file of a comparison's folder that lists its runs: <c>cells</c> with <c>folder</c>, <c>policy</c>, <c>method</c> and <c>seed</c>, and what they have alike.</summary>
    public const string FileName = "comparison.json";

    private static readonly string[] _styles = ["first", "second", "third", "fourth", "fifth"];

    /// <summary>Whether a folder holds a comparison.</summary>
    public static bool IsComparison(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Whether the run of a folder is done.</summary>
    /// <exception cref="InputException">Its record is damaged.</exception>
    public static bool IsDone(string run) => Comparison.IsDone(run);

    /// <summary>The tables in Markdown.</summary>
    /// <exception cref="InputException">The folder holds no comparison, none of its runs is done, or a file is damaged.</exception>
    public static string Table(string folder) => Tables(Comparison.Load(folder));

    /// <summary>Writes the page, and beside it the tables as <c>comparison.md</c> and <c>comparison.csv</c> and the charts as images.</summary>
    /// <param name="folder">The comparison's folder.</param>
    /// <param name="path">The page to write.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="InputException">The folder holds no comparison, none of its runs is done, or a file is damaged.</exception>
    /// <exception cref="RunException">A file can't be written, or the machine lacks the library that draws.</exception>
    public static IReadOnlyList<string> Write(string folder, string path)
    {
        Comparison comparison = Comparison.Load(folder);
        string beside = Path.GetDirectoryName(path) ?? "", markdown = Path.Combine(beside, "comparison.md"), csv = Path.Combine(beside, "comparison.csv");
        AtomicFile.WriteAllText(markdown, Tables(comparison));
        AtomicFile.WriteAllText(csv, ComparisonCsv.Of(comparison));
        Page(comparison).Write(path, Data(comparison));
        return [path, markdown, csv, .. ComparisonPlots.Write(comparison, Path.Combine(beside, "comparison"))];
    }

    private static string Tables(Comparison comparison) => string.Join('\n', comparison.Parts.Select(part =>
        (comparison.Parts.Count > 1 ? $"**Equal {part.Equal}**\n\n" : "") + new ComparisonTable(comparison, part).ToMarkdown()));

    private static HtmlPage Page(Comparison comparison)
    {
        JsonConfig config = comparison.Parts[0].Baseline.Cells[0].Run.Config;
        var page = new HtmlPage(comparison.Name, $"{comparison.Done} of {comparison.Planned} runs on {config.GetString("model")}, {Count(config.GetInt("steps"))} steps of the baseline");
        foreach (ComparisonPart part in comparison.Parts)
        {
            var table = new ComparisonTable(comparison, part);
            (string of, string id) = part.Equal == "steps" ? ("", "") : ($" at equal {part.Equal}", $"-{part.Equal}");
            page.Add("Comparison" + of, HtmlPage.Table(table.Headings, table.Rows), HtmlPage.Paragraph(table.Caption));
            (string, double, double, double)[] differences = [.. part.LossDifferences()];
            if (differences.Length > 0)
            {
                page.Add("Differences of the held-out loss" + of, HtmlPage.Paragraph($"From '{part.Baseline.Name}', paired by seed, with 95 % intervals; left of 0 is better."),
                    new IntervalChart("differences" + id, "Paired differences of the held-out loss" + of, "difference of the held-out loss (nats)", differences).ToSvg());
            }
            ComparisonGroup[] shown = [.. part.Groups.Take(_styles.Length)];
            var curves = new LineChart("held-out" + id, "Mean held-out loss over steps" + of, "step", "held-out loss (nats)",
                [.. shown.Select((group, i) => new Series(group.Name, _styles[i], group.MeanLosses(), HasMarks: true))])
            { IsOfLoss = true, Height = 320 };
            page.Add("Held-out loss over steps" + of, HtmlPage.Paragraph("Means over the seeds" + (shown.Length < part.Groups.Count ? $" of the first {shown.Length} rows of the table." : ".")), curves.ToSvg(), curves.ToLegend());
        }
        page.Add("Runs", HtmlPage.Table(["layers", "method", "seed", "steps", "held-out loss", "tokens/s", "planned memory", "folder"], comparison.Groups.SelectMany(group => group.Cells).Select(cell => (string[])
            [cell.Policy, cell.Method, cell.Seed, Count(cell.Steps), Number(cell.Loss), Count((long)cell.Run.TokensPerSecond), Bytes(cell.PlannedBytes), cell.Run.Name])));
        return page;
    }

    private static Dictionary<string, object?> Data(Comparison comparison) => new()
    {
        ["comparison"] = comparison.Name,
        ["groups"] = comparison.Parts.SelectMany(part => part.Groups.Select(group => new Dictionary<string, object?>
        {
            ["equal"] = part.Equal,
            ["policy"] = group.Policy,
            ["method"] = group.Method,
            ["seeds"] = group.Cells.Select(c => c.Seed),
            ["steps"] = group.Cells[0].Steps,
            ["step_milliseconds"] = group.StepTime?.Milliseconds,
            ["losses"] = group.Losses.Values,
            ["accuracies"] = group.Accuracies?.Values,
            ["tasks"] = comparison.Tasks.ToDictionary(task => task, task => group.Task(task)?.Values),
            ["loss_differences"] = part.Paired(group, c => c.Loss)?.Values,
            ["accuracy_differences"] = part.Paired(group, c => c.Accuracy)?.Values,
            ["tokens_per_second"] = group.Speeds.Values,
            ["planned_bytes"] = group.Bytes.Values,
        })),
    };
}
