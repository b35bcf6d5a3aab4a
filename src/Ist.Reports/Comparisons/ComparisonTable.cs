using System.Globalization;
using System.Text;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports.Comparisons;

/// <summary>A part of a comparison as a table, a row for each policy and method.</summary>
/// <param name="comparison">The comparison.</param>
/// <param name="part">Its part.</param>
internal sealed class ComparisonTable(Comparison comparison, ComparisonPart part)
{
    /// <summary>What the numbers of the table mean.</summary>
    public string Caption
    {
        get
        {
            string times = !IsTimed ? "" : $" ms/step is the median of turns in which each took the same steps, in {part.Baseline.StepTime!.Value.Clock} time, and in brackets its share of the baseline's."
                + (part.Equal == "time" ? " Each took as many steps as fit into the time of the baseline's." : "");
            string done = comparison.Done == comparison.Planned ? "" : $" Only {comparison.Done} of {comparison.Planned} runs are done.";
            return $"Mean ± standard deviation over n seeds, at the end of the runs. Differences are from '{part.Baseline.Name}', paired by seed; in brackets the 95 % percentile interval of "
                + $"{Count(Bootstrap.Resamples)} bootstrap resamples of those n differences.{times} All runs read the same data in the same order.{done}";
        }
    }

    /// <summary>The headings; those of accuracies stand there for classifiers alone.</summary>
    public IReadOnlyList<string> Headings =>
    [
        "layers", "method", "n", .. IsTimed ? (string[])["steps", "ms/step"] : [], "held-out loss", "difference", .. part.Classifies ? (string[])["accuracy", "difference"] : [],
        .. Answered.SelectMany(task => (string[])[$"{task}: {part.Baseline.Cells[0].Tasks[task].Metric}", "difference"]), "tokens/s", "planned memory",
    ];

    /// <summary>The rows.</summary>
    public IEnumerable<IReadOnlyList<string>> Rows => part.Groups.Select(group => (string[])
    [
        group.Policy, group.Method, Count(group.Cells.Count),
        .. IsTimed ? (string[])[Count(group.Cells[0].Steps), Shown(group.StepTime!.Value)] : [],
        Shown(group.Losses), Difference(group, c => c.Loss),
        .. part.Classifies ? (string[])[Shown(group.Accuracies!), Difference(group, c => c.Accuracy)] : [],
        .. Answered.SelectMany(task => (string[])[Shown(group.Task(task)!), Difference(group, c => c.Task(task))]),
        Count((long)group.Speeds.Mean), Bytes(group.Bytes.Mean),
    ]);

    private bool IsTimed => part.Groups.All(group => group.StepTime is not null);

    private IEnumerable<string> Answered => comparison.Tasks.Where(task => part.Groups.All(group => group.Task(task) is not null));

    /// <summary>The table in Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        Line(Headings);
        Line(Headings.Select((_, i) => i < 2 ? "---" : "---:"));
        foreach (IReadOnlyList<string> row in Rows)
            Line(row);
        return text.Append('\n').Append(Caption).Append('\n').ToString();
    }

    private static string Shown(Sample sample) => Fixed(sample.Mean) + (sample.Deviation is double deviation ? " ± " + Fixed(deviation) : "");

    private static string Shown(StepTime time) => string.Create(CultureInfo.InvariantCulture, $"{time.Milliseconds:0.0} ({time.Ratio:0.000})");

    private string Difference(ComparisonGroup group, Func<ComparisonCell, double?> number) => group == part.Baseline ? "baseline"
        : part.Paired(group, number) is not { } differences ? "no common seed"
        : Signed(differences.Mean) + (differences.Interval is var (low, high) ? $" [{Signed(low)}, {Signed(high)}]" : "");

    private static string Fixed(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
