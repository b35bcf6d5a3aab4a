using Ist.Runtime.Checkpoints;

namespace Ist.Reports.Comparisons;

/// <summary>The main figure of a task that a run's result answered.</summary>
/// <param name="Metric">The figure's name.</param>
/// <param name="Value">The figure.</param>
internal readonly record struct TaskFigure(string Metric, double Value)
{
    /// <summary>Reads <c>task-NAME.json</c> of a run's folder; null where there is none.</summary>
    /// <exception cref="Runtime.InputException">The file is damaged.</exception>
    public static TaskFigure? Find(string run, string task)
    {
        string path = Path.Combine(run, $"task-{task}.json");
        if (!File.Exists(path))
            return null;
        JsonConfig figures = JsonConfig.Load(path);
        string metric = figures.GetString("metric");
        return new TaskFigure(metric, figures.GetDouble(metric));
    }
}
