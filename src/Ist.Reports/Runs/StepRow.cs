namespace Ist.Reports.Runs;

/// <summary>A step, as <c>metrics.jsonl</c> has it.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Loss">Mean loss per trained token before the update.</param>
/// <param name="LearningRate">The learning rate of the update.</param>
/// <param name="GradientNorm">Global L2 norm of the gradients before clipping.</param>
/// <param name="Tokens">Tokens read.</param>
/// <param name="TokensPerSecond">Tokens read per second of the step.</param>
/// <param name="ActiveLayers">The layers that were trained.</param>
/// <param name="SavedBytes">Bytes that the step's draw of layers needs for its backward pass; null where the run did not tell.</param>
internal sealed record StepRow(
    int Step, double Loss, double LearningRate, double GradientNorm, long Tokens, double TokensPerSecond, IReadOnlyList<int> ActiveLayers, double? SavedBytes);
