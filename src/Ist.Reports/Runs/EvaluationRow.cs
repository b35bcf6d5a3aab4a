namespace Ist.Reports.Runs;

/// <summary>An evaluation of the held-out data, as <c>metrics.jsonl</c> has it.</summary>
/// <param name="Step">Steps done before it.</param>
/// <param name="Loss">Mean loss.</param>
/// <param name="Accuracy">The share of right answers, of a classifier.</param>
internal sealed record EvaluationRow(int Step, double Loss, double? Accuracy);
