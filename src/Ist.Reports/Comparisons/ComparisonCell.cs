using Ist.Reports.Runs;
using Ist.Runtime.Checkpoints;

namespace Ist.Reports.Comparisons;

/// <summary>A run of a comparison that is done.</summary>
/// <param name="Policy">How it chose its layers.</param>
/// <param name="Method">What it trained.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Run">The run.</param>
internal sealed record ComparisonCell(string Policy, string Method, string Seed, RunData Run)
{
    /// <summary>The held-out loss at the end.</summary>
    public double Loss => Run.Record.GetDouble("eval_loss_after");

    /// <summary>The held-out accuracy at the end; null of a model that is no classifier.</summary>
    public double? Accuracy => Run.Record.Has("eval_accuracy_after") ? Run.Record.GetDouble("eval_accuracy_after") : null;

    /// <summary>Its optimizer steps.</summary>
    public int Steps => Run.Config.GetInt("steps");

    /// <summary>The main figures of the tasks that it answered, by their names.</summary>
    public IReadOnlyDictionary<string, TaskFigure> Tasks { get; init; } = new Dictionary<string, TaskFigure>();

    /// <summary>The main figure of a task; null where it was not answered.</summary>
    public double? Task(string name) => Tasks.TryGetValue(name, out TaskFigure figure) ? figure.Value : null;

    /// <summary>Bytes that the run planned, which are those that its buffers took.</summary>
    public double PlannedBytes
    {
        get
        {
            JsonConfig planned = Run.Record.GetObject("planned_bytes");
            return planned.Keys.Sum(planned.GetDouble);
        }
    }
}
