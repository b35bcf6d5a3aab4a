using System.Globalization;
using System.Text;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports.Comparisons;

/// <summary>A comparison as a table, a row for each policy and method: for people in Markdown, for programs as CSV.</summary>
internal sealed class ComparisonTable(Comparison comparison)
{
    /// <summary>What the numbers of the table mean.</summary>
    public string Caption
    {
        get
        {
            string done = comparison.Done == comparison.Planned ? "" : $" Only {comparison.Done} of {comparison.Planned} runs are done.";
            return $"Mean ± standard deviation over n seeds, at the end of the runs. Differences are from '{Baseline.Name}', paired by seed; in brackets the 95 % percentile interval of "
                + $"{Count(Bootstrap.Resamples)} bootstrap resamples of those n differences. All runs read the same data in the same order.{done}";
        }
    }

    /// <summary>The headings; those of accuracies stand there for classifiers alone.</summary>
    public IReadOnlyList<string> Headings =>
        [.. (string[])["layers", "method", "n", "held-out loss", "difference"], .. Classifies ? (string[])["accuracy", "difference"] : [], "tokens/s", "planned memory"];

    /// <summary>The rows.</summary>
    public IEnumerable<IReadOnlyList<string>> Rows => comparison.Groups.Select(group => (string[])
    [
        group.Policy, group.Method, Count(group.Cells.Count), Shown(group.Losses), Difference(group, c => c.Loss),
        .. Classifies ? (string[])[Shown(group.Accuracies!), Difference(group, c => c.Accuracy)] : [],
        Count((long)group.Speeds.Mean), Bytes(group.Bytes.Mean),
    ]);

    private ComparisonGroup Baseline => comparison.Groups[0];

    private bool Classifies => comparison.Groups.All(group => group.Accuracies is not null);

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

    /// <summary>The numbers with all digits, as CSV (RFC 4180); what there is not is empty.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("policy,method,n,loss_mean,loss_sd,loss_difference,loss_difference_low,loss_difference_high,"
            + "accuracy_mean,accuracy_sd,accuracy_difference,accuracy_difference_low,accuracy_difference_high,tokens_per_second,planned_bytes\r\n");
        foreach (ComparisonGroup group in comparison.Groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"{group.Policy},{group.Method},{group.Cells.Count},")
                .AppendJoin(',', (double?[])
                [
                    group.Losses.Mean, group.Losses.Deviation, .. Numbers(Paired(group, c => c.Loss)),
                    group.Accuracies?.Mean, group.Accuracies?.Deviation, .. Numbers(Paired(group, c => c.Accuracy)), group.Speeds.Mean, group.Bytes.Mean,
                ])
                .Append("\r\n");
        }
        return text.ToString();
    }

    /// <summary>The paired differences of a group from the first one; null for that itself, or where no seed is in both.</summary>
    public Sample? Paired(ComparisonGroup group, Func<ComparisonCell, double?> number) => group == Baseline ? null : group.Differences(Baseline, number);

    private static IEnumerable<double?> Numbers(Sample? differences) => [differences?.Mean, differences?.Interval?.Low, differences?.Interval?.High];

    private static string Shown(Sample sample) => Fixed(sample.Mean) + (sample.Deviation is double deviation ? " ± " + Fixed(deviation) : "");

    private string Difference(ComparisonGroup group, Func<ComparisonCell, double?> number) => group == Baseline ? "baseline"
        : Paired(group, number) is not { } differences ? "no common seed"
        : Signed(differences.Mean) + (differences.Interval is var (low, high) ? $" [{Signed(low)}, {Signed(high)}]" : "");

    private static string Fixed(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
