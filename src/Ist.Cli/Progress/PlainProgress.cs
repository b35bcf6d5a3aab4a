using System.Diagnostics;
using Ist.Runtime.Training;

namespace Ist.Cli.Progress;

/// <summary>
/// A line for the first and the last step, for every twentieth part of the run, and whenever a quarter of a minute went by.
/// </summary>
internal sealed class PlainProgress(Terminal terminal, int steps, int layers) : ProgressDisplay(terminal, steps, layers)
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(15);

    private long _written = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override RunOutcome Show(Func<RunOutcome> run) => run();

    /// <inheritdoc/>
    public override void OnStep(in StepResult step, double tokensPerSecond)
    {
        string line = Meter.Describe(step, tokensPerSecond);
        bool isDue = step.Step == 1 || step.Step == Steps || step.Step % Math.Max(1, Steps / 20) == 0;
        if (!isDue && Stopwatch.GetElapsedTime(_written) < _longest)
            return;
        WriteLine(line);
        _written = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    protected override void WriteLine(string line) => Terminal.Output.WriteLine(line);
}
