namespace Ist.Reports.Comparisons;

/// <summary>How long a step takes.</summary>
/// <param name="Milliseconds">Milliseconds.</param>
/// <param name="Ratio">The time of a step through that of the baseline's.</param>
/// <param name="Clock"><c>processor</c> or <c>wall</c> time.</param>
internal readonly record struct StepTime(double Milliseconds, double Ratio, string Clock);
