using System.Globalization;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Runtime.TensorBoard;

/// <summary>
/// Writes a run's numbers for TensorBoard, under the names that Hugging Face's trainer gives them: <c>train/loss</c>,
/// <c>train/learning_rate</c>, <c>train/grad_norm</c>, <c>eval/loss</c>, of a classifier <c>eval/accuracy</c>; also
/// <c>train/tokens_per_second</c>, and of a policy that probes <c>ist/importance/layer_00</c> and so on and <c>ist/reward</c>, the
/// mean of an event. Steps count from 1. A run that goes on writes another file, which takes back the events of steps that are
/// done again.
/// </summary>
/// <param name="folder">The folder of the event files; made where it is missing.</param>
public sealed class TensorBoardLog(string folder) : ITrainingObserver, IDisposable
{
    private EventFile? _file;

    private EventFile File => _file ?? throw new InvalidOperationException("The run has not begun.");

    private static double Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    /// <inheritdoc/>
    /// <exception cref="RunException">The file can't be written.</exception>
    public void OnBegin(int stepsDone)
    {
        _file = EventFile.Create(folder);
        File.Append(EventMessage.Version(Now));
        // The held-out loss before the first step is of step 0, which a run from its beginning measures again.
        File.Append(EventMessage.Start(Now, stepsDone == 0 ? 0 : stepsDone + 1));
    }

    /// <inheritdoc/>
    /// <exception cref="RunException">The file can't be written.</exception>
    public void OnProbe(ProbeEvent probe)
    {
        string digits = "D" + Math.Max(2, (probe.Importance.Count - 1).ToString(CultureInfo.InvariantCulture).Length);
        File.Append(EventMessage.Scalars(Now, probe.Step,
        [
            .. probe.Importance.Select((value, layer) => ("ist/importance/layer_" + layer.ToString(digits, CultureInfo.InvariantCulture), value)),
            ("ist/reward", probe.Rewards.Average()),
        ]));
    }

    /// <inheritdoc/>
    /// <exception cref="RunException">The file can't be written.</exception>
    public void OnStep(in StepResult step, double tokensPerSecond) => File.Append(EventMessage.Scalars(Now, step.Step,
        ("train/loss", step.Loss), ("train/learning_rate", step.LearningRate), ("train/grad_norm", step.GradientNorm), ("train/tokens_per_second", tokensPerSecond)));

    /// <inheritdoc/>
    /// <exception cref="RunException">The file can't be written.</exception>
    public void OnEvaluation(int stepsDone, EvaluationResult result) => File.Append(EventMessage.Scalars(Now, stepsDone,
        result.Accuracy is double accuracy ? [("eval/loss", result.Loss), ("eval/accuracy", accuracy)] : [("eval/loss", result.Loss)]));

    /// <inheritdoc/>
    public void OnCheckpoint(string folder)
    {
    }

    /// <inheritdoc/>
    public void OnWarning(string message)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
