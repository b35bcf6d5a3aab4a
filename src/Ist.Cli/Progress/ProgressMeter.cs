using System.Globalization;
using Ist.Cli.Finetuning;
using Ist.Runtime.Training;

namespace Ist.Cli.Progress;

/// <summary>Puts a step into words, with the speed so far and the time that is left.</summary>
/// <param name="steps">Steps of the whole run.</param>
/// <param name="layers">Layers of the model.</param>
internal sealed class ProgressMeter(int steps, int layers)
{
    private int _done;
    private long _tokens;
    private double _seconds;

    /// <summary>A line about a step that is done.</summary>
    public string Describe(in StepResult step, double tokensPerSecond)
    {
        _done++;
        _tokens += step.Tokens;
        _seconds += step.Tokens / tokensPerSecond;
        var left = TimeSpan.FromSeconds(_seconds / _done * (steps - step.Step));
        int width = steps.ToString(CultureInfo.InvariantCulture).Length;
        return string.Create(CultureInfo.InvariantCulture,
            $"step {step.Step.ToString(CultureInfo.InvariantCulture).PadLeft(width)}/{steps}  loss {step.Loss:F4}  lr {step.LearningRate:0.00e+0}  "
            + $"{_tokens / _seconds:N0} tokens/s  layers {step.ActiveLayers}/{layers}  ETA {FinetuneReport.Duration(left)}");
    }

    /// <summary>A line about an evaluation.</summary>
    public static string Describe(int stepsDone, EvaluationResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"held-out loss after step {stepsDone}: {result.Loss:F4}")
        + (result.Accuracy is double accuracy ? string.Create(CultureInfo.InvariantCulture, $", accuracy {accuracy:P1}") : "");
}
