namespace Ist.Runtime.Evaluation;

/// <summary>A figure of a task.</summary>
/// <param name="Name">Its name, lm-evaluation-harness' where it has one.</param>
/// <param name="Value">The figure.</param>
/// <param name="StandardError">Its standard error; null where there is none.</param>
public readonly record struct TaskMetric(string Name, double Value, double? StandardError = null)
{
    /// <summary>The figure of a share.</summary>
    public static TaskMetric Of(string name, Share share) => new(name, share.Value, share.StandardError);

    /// <summary>The figures of a classification: accuracy, Matthews' correlation, macro F1 and, of two labels, F1 of the label 1.</summary>
    public static IEnumerable<TaskMetric> Of(ConfusionMatrix matrix)
    {
        yield return Of("acc", matrix.Accuracy);
        yield return new TaskMetric("matthews", matrix.Matthews);
        yield return new TaskMetric("macro_f1", matrix.MacroF1);
        if (matrix.Labels == 2)
            yield return new TaskMetric("f1", matrix.BinaryF1);
    }
}
