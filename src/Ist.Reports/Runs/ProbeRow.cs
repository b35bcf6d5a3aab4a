namespace Ist.Reports.Runs;

/// <summary>What a policy learnt from one event, as <c>metrics.jsonl</c> has it.</summary>
/// <param name="Step">The step that the event came before.</param>
/// <param name="Importance">I of each layer after it.</param>
/// <param name="Rewards">What each candidate set earned by its loss: exp(-loss).</param>
internal sealed record ProbeRow(int Step, IReadOnlyList<double> Importance, IReadOnlyList<double> Rewards);
