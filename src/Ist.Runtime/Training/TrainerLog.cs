using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Training;

/// <summary>The rows of <c>log_history</c> in <c>trainer_state.json</c>, as Hugging Face's trainer keeps them.</summary>
internal sealed class TrainerLog
{
    private readonly List<Dictionary<string, object?>> _rows = [];

    /// <summary>The rows, in order.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows => _rows;

    /// <summary>Adds a step.</summary>
    public void Add(in StepResult step, double epoch) => _rows.Add(new()
    {
        ["epoch"] = epoch,
        ["grad_norm"] = step.GradientNorm,
        ["learning_rate"] = step.LearningRate,
        ["loss"] = step.Loss,
        ["step"] = step.Step,
    });

    /// <summary>Adds an evaluation.</summary>
    /// <param name="stepsDone">Steps done before it.</param>
    /// <param name="epoch">Passes over the training set before it.</param>
    /// <param name="result">What it found.</param>
    /// <param name="seconds">What it took.</param>
    /// <param name="examples">Examples read.</param>
    /// <param name="batches">Batches read.</param>
    public void Add(int stepsDone, double epoch, EvaluationResult result, double seconds, int examples, int batches)
    {
        var row = new Dictionary<string, object?>
        {
            ["epoch"] = epoch,
            ["eval_loss"] = result.Loss,
            ["eval_runtime"] = seconds,
            ["eval_samples_per_second"] = examples / seconds,
            ["eval_steps_per_second"] = batches / seconds,
            ["step"] = stepsDone,
        };
        if (result.Accuracy is double accuracy)
            row["eval_accuracy"] = accuracy;
        _rows.Add(row);
    }

    /// <summary>Takes the rows of a checkpoint instead of its own.</summary>
    public void Restore(JsonConfig trainerState)
    {
        _rows.Clear();
        foreach (JsonConfig row in trainerState.GetObjects("log_history"))
            _rows.Add(row.Keys.ToDictionary(key => key, key => key == "step" ? (object?)row.GetInt(key) : row.GetDouble(key)));
    }
}
