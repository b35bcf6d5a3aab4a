namespace Ist.Runtime.Sparse;

/// <summary>What a policy learnt from probing the model before a step.</summary>
/// <param name="Step">The step, counted from 1, whose layers were chosen next.</param>
/// <param name="Importance">For each layer what the policy thinks of it after the event; with IST I, the logit of being safe to suppress.</param>
/// <param name="Sets">The layers that each candidate set suppressed.</param>
/// <param name="Losses">The loss with each set suppressed, nats per trained token.</param>
/// <param name="Rewards">What each set earned by it.</param>
public sealed record ProbeEvent(
    int Step, IReadOnlyList<double> Importance, IReadOnlyList<IReadOnlyList<int>> Sets, IReadOnlyList<double> Losses, IReadOnlyList<double> Rewards);
