using Ist.Runtime.Training;

namespace Ist.Cli.Progress;

/// <summary>Shows how a training run goes on.</summary>
/// <param name="terminal">Where.</param>
/// <param name="steps">Steps of the whole run.</param>
/// <param name="layers">Layers of the model.</param>
internal abstract class ProgressDisplay(Terminal terminal, int steps, int layers) : ITrainingObserver
{
    /// <summary>Where it is shown.</summary>
    protected Terminal Terminal { get; } = terminal;

    /// <summary>Steps of the whole run.</summary>
    protected int Steps { get; } = steps;

    /// <summary>Puts steps into words.</summary>
    protected ProgressMeter Meter { get; } = new(steps, layers);

    /// <summary>A line that moves for a person, lines that stay for a file.</summary>
    public static ProgressDisplay On(Terminal terminal, int steps, int layers) =>
        terminal.IsInteractive ? new LiveProgress(terminal, steps, layers) : new PlainProgress(terminal, steps, layers);

    /// <summary>Shows a run while it runs.</summary>
    public abstract RunOutcome Show(Func<RunOutcome> run);

    /// <inheritdoc/>
    public abstract void OnStep(in StepResult step, double tokensPerSecond);

    /// <inheritdoc/>
    public void OnEvaluation(int stepsDone, EvaluationResult result) => WriteLine(ProgressMeter.Describe(stepsDone, result));

    /// <inheritdoc/>
    public void OnCheckpoint(string folder) => WriteLine($"checkpoint in {folder}");

    /// <inheritdoc/>
    public void OnWarning(string message) => Terminal.Warn(message);

    /// <summary>Writes a line that stays.</summary>
    protected abstract void WriteLine(string line);
}
