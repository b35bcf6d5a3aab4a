using System.Diagnostics;
using System.Globalization;
using Ist.Cli.Finetuning;
using Ist.Runtime.Training;

namespace Ist.Cli.Progress;

/// <summary>Puts a step into words, with the speed so far and the time that is left.</summary>
/// <param name="steps">Steps of the whole run.</param>
/// <param name="layers">Layers of the model.</param>
internal sealed class ProgressMeter(int steps, int layers)
{
    private readonly long _begin = Stopwatch.GetTimestamp();
    private int _first = -1;
    private long _tokens;

    /// <summary>A line about a step that is done.</summary>
    public string Describe(in StepResult step)
    {
        if (_first < 0)
            _first = step.Step - 1;
        _tokens += step.Tokens;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_begin);
        TimeSpan left = elapsed / (step.Step - _first) * (steps - step.Step);
        int width = steps.ToString(CultureInfo.InvariantCulture).Length;
        return string.Create(CultureInfo.InvariantCulture,
            $"step {step.Step.ToString(CultureInfo.InvariantCulture).PadLeft(width)}/{steps}  loss {step.Loss:F4}  lr {step.LearningRate:0.00e+0}  "
            + $"{_tokens / Math.Max(elapsed.TotalSeconds, 1e-9):N0} tokens/s  layers {step.ActiveLayers}/{layers}  ETA {FinetuneReport.Duration(left)}");
    }

    /// <summary>A line about an evaluation.</summary>
    public static string Describe(int stepsDone, EvaluationResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"held-out loss after step {stepsDone}: {result.Loss:F4}");
}
