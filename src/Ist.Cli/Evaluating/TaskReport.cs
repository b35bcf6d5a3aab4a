using System.Globalization;
using System.Text;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Evaluation;

namespace Ist.Cli.Evaluating;

/// <summary>A task's figures, for people and for programs.</summary>
internal static class TaskReport
{
    /// <summary>A table of the figures with their standard errors.</summary>
    public static string Table(TaskDefinition task, TaskResult result)
    {
        int width = Math.Max("metric".Length, result.Metrics.Max(metric => metric.Name.Length));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"task {task.Name}  {TaskFile.Name(task.Kind)}  rows {result.Predictions.Count:N0}").Append('\n');
        text.Append("metric".PadRight(width)).Append("    value  std. error").Append('\n');
        foreach (TaskMetric metric in result.Metrics)
            text.Append(metric.Name.PadRight(width)).Append(CultureInfo.InvariantCulture, $"  {metric.Value,7:F4}").Append(Error(metric)).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>One JSON object, with lm-evaluation-harness' names of figures.</summary>
    public static string Json(TaskDefinition task, TaskResult result) => PythonJson.Dumps(Figures(task, result));

    /// <summary>The keys of that object.</summary>
    public static Dictionary<string, object?> Figures(TaskDefinition task, TaskResult result)
    {
        var json = new Dictionary<string, object?>
        {
            ["task"] = task.Name,
            ["kind"] = TaskFile.Name(task.Kind),
            ["rows"] = result.Predictions.Count,
            ["truncated_rows"] = result.Truncated,
        };
        foreach (TaskMetric metric in result.Metrics)
        {
            json[metric.Name] = metric.Value;
            if (metric.StandardError is double error)
                json[metric.Name + "_stderr"] = error;
        }
        return json;
    }

    private static string Error(TaskMetric metric) =>
        metric.StandardError is double error ? string.Create(CultureInfo.InvariantCulture, $"  {error,10:F4}") : "";
}
