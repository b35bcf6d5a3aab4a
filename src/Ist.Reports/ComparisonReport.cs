using Ist.Reports.Charts;
using Ist.Reports.Comparisons;
using Ist.Reports.Pages;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports;

/// <summary>A table and a page about a comparison of runs.</summary>
public static class ComparisonReport
{
    /// <summary>The file of a comparison's folder that lists its runs: <c>cells</c> with <c>folder</c>, <c>policy</c>, <c>method</c> and <c>seed</c>.</summary>
    public const string FileName = "comparison.json";

    private static readonly string[] _styles = ["first", "second", "third", "fourth", "fifth"];

    /// <summary>Whether a folder holds a comparison.</summary>
    public static bool IsComparison(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Whether the run of a folder is done.</summary>
    /// <exception cref="InputException">Its record is damaged.</exception>
    public static bool IsDone(string run) => Comparison.IsDone(run);

    /// <summary>The table in Markdown.</summary>
    /// <exception cref="InputException">The folder holds no comparison, none of its runs is done, or a file is damaged.</exception>
    public static string Table(string folder) => new ComparisonTable(Comparison.Load(folder)).ToMarkdown();

    /// <summary>Writes the page, and beside it the table as <c>comparison.md</c> and <c>comparison.csv</c>.</summary>
    /// <param name="folder">The comparison's folder.</param>
    /// <param name="path">The page to write.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="InputException">The folder holds no comparison, none of its runs is done, or a file is damaged.</exception>
    /// <exception cref="RunException">A file can't be written.</exception>
    public static IReadOnlyList<string> Write(string folder, string path)
    {
        Comparison comparison = Comparison.Load(folder);
        var table = new ComparisonTable(comparison);
        string beside = Path.GetDirectoryName(path) ?? "", markdown = Path.Combine(beside, "comparison.md"), csv = Path.Combine(beside, "comparison.csv");
        AtomicFile.WriteAllText(markdown, table.ToMarkdown());
        AtomicFile.WriteAllText(csv, table.ToCsv());
        Page(comparison, table).Write(path, Data(comparison, table));
        return [path, markdown, csv];
    }

    private static HtmlPage Page(Comparison comparison, ComparisonTable table)
    {
        JsonConfig config = comparison.Groups[0].Cells[0].Run.Config;
        var page = new HtmlPage(comparison.Name, $"{comparison.Done} of {comparison.Planned} runs on {config.GetString("model")}, {Count(config.GetInt("steps"))} steps each");
        page.Add("Comparison", HtmlPage.Table(table.Headings, table.Rows), HtmlPage.Paragraph(table.Caption));
        (string, double, double, double)[] differences =
        [
            .. from compared in comparison.Groups.Skip(1)
               let paired = table.Paired(compared, c => c.Loss)
               where paired is not null
               let interval = paired.Interval ?? (paired.Mean, paired.Mean)
               select (compared.Name, paired.Mean, interval.Low, interval.High),
        ];
        if (differences.Length > 0)
        {
            page.Add("Differences of the held-out loss", HtmlPage.Paragraph($"From '{comparison.Groups[0].Name}', paired by seed, with 95 % intervals; left of 0 is better."),
                new IntervalChart("differences", "Paired differences of the held-out loss", "difference of the held-out loss (nats)", differences).ToSvg());
        }
        ComparisonGroup[] shown = [.. comparison.Groups.Take(_styles.Length)];
        var curves = new LineChart("held-out", "Mean held-out loss over steps", "step", "held-out loss (nats)",
            [.. shown.Select((group, i) => new Series(group.Name, _styles[i], Curve(group), HasMarks: true))])
        { IsOfLoss = true, Height = 320 };
        page.Add("Held-out loss over steps", HtmlPage.Paragraph("Means over the seeds" + (shown.Length < comparison.Groups.Count ? $" of the first {shown.Length} rows of the table." : ".")), curves.ToSvg(), curves.ToLegend());
        page.Add("Runs", HtmlPage.Table(["layers", "method", "seed", "held-out loss", "tokens/s", "planned memory", "folder"], comparison.Groups.SelectMany(group => group.Cells).Select(cell => (string[])
            [cell.Policy, cell.Method, cell.Seed, Number(cell.Loss), Count((long)cell.Run.TokensPerSecond), Bytes(cell.PlannedBytes), cell.Run.Name])));
        return page;
    }

    // Runs of one group evaluate after the same steps.
    private static (double, double)[] Curve(ComparisonGroup group) =>
        [.. group.Cells.SelectMany(cell => cell.Run.Evaluations).GroupBy(e => e.Step).OrderBy(g => g.Key).Select(g => ((double)g.Key, g.Average(e => e.Loss)))];

    private static Dictionary<string, object?> Data(Comparison comparison, ComparisonTable table) => new()
    {
        ["comparison"] = comparison.Name,
        ["groups"] = comparison.Groups.Select(group => new Dictionary<string, object?>
        {
            ["policy"] = group.Policy,
            ["method"] = group.Method,
            ["seeds"] = group.Cells.Select(c => c.Seed),
            ["losses"] = group.Losses.Values,
            ["accuracies"] = group.Accuracies?.Values,
            ["loss_differences"] = table.Paired(group, c => c.Loss)?.Values,
            ["accuracy_differences"] = table.Paired(group, c => c.Accuracy)?.Values,
            ["tokens_per_second"] = group.Speeds.Values,
            ["planned_bytes"] = group.Bytes.Values,
        }),
    };
}
