using System.Globalization;
using System.Text;

namespace Ist.Reports.Comparisons;

/// <summary>A comparison's numbers with all digits, as CSV (RFC 4180); what there is not is empty.</summary>
internal static class ComparisonCsv
{
    /// <summary>The file: a row for each part, policy and method.</summary>
    public static string Of(Comparison comparison)
    {
        var text = new StringBuilder("policy,method,n,loss_mean,loss_sd,loss_difference,loss_difference_low,loss_difference_high,"
            + "accuracy_mean,accuracy_sd,accuracy_difference,accuracy_difference_low,accuracy_difference_high,tokens_per_second,planned_bytes,equal,steps,step_milliseconds,step_time_ratio");
        foreach (string task in comparison.Tasks)
            text.AppendJoin("", ((string[])["mean", "sd", "difference", "difference_low", "difference_high"]).Select(column => "," + Quoted($"{task}_{column}")));
        text.Append("\r\n");
        foreach (ComparisonPart part in comparison.Parts)
        {
            foreach (ComparisonGroup group in part.Groups)
            {
                text.Append(CultureInfo.InvariantCulture, $"{group.Policy},{group.Method},{group.Cells.Count},")
                    .AppendJoin(',', (double?[])
                    [
                        .. Numbers(group.Losses, part.Paired(group, c => c.Loss)), .. Numbers(group.Accuracies, part.Paired(group, c => c.Accuracy)),
                        group.Speeds.Mean, group.Bytes.Mean,
                    ])
                    .Append(CultureInfo.InvariantCulture, $",{part.Equal},{group.Cells[0].Steps},")
                    .AppendJoin(',', (double?[])
                    [
                        group.StepTime?.Milliseconds, group.StepTime?.Ratio, .. comparison.Tasks.SelectMany(task => Numbers(group.Task(task), part.Paired(group, c => c.Task(task)))),
                    ])
                    .Append("\r\n");
            }
        }
        return text.ToString();
    }

    private static double?[] Numbers(Sample? sample, Sample? differences) =>
        [sample?.Mean, sample?.Deviation, differences?.Mean, differences?.Interval?.Low, differences?.Interval?.High];

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
