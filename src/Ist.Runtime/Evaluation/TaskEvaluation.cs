using Ist.Runtime.Devices;
using Ist.Runtime.Models;

namespace Ist.Runtime.Evaluation;

/// <summary>Lets a model answer a task.</summary>
public static class TaskEvaluation
{
    /// <summary>Lays the model out, lets it answer all rows, and measures its answers.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="model">The model.</param>
    /// <param name="task">The task.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="sequences">Texts that pass through the model at once. Generation takes one.</param>
    /// <param name="progress">Is told what share of the work is done.</param>
    /// <exception cref="InputException">The task lacks what its kind or the model needs, or a row does not fit it.</exception>
    /// <exception cref="RunException">There is not enough memory, or the model's logits are not numbers.</exception>
    public static TaskResult Evaluate(Device device, EvaluatedModel model, TaskDefinition task, IReadOnlyList<TaskRow> rows, int sequences, IProgress<double>? progress = null)
    {
        bool byClassifier = model.Model is ISequenceClassifier;
        task.Check(byClassifier);
        return byClassifier ? ClassifierAnswers.Measure(device, model, task, rows, sequences, progress)
            : task.Kind == TaskKind.Generation ? GeneratedAnswers.Measure(device, model, task, rows, progress)
            : LikeliestChoices.Measure(device, model, task, rows, sequences, progress);
    }
}
