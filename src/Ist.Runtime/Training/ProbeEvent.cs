using Ist.Runtime.Sparse;

namespace Ist.Runtime.Training;

/// <summary>What a policy learnt from probing the model before a step.</summary>
/// <param name="Step">The step, counted from 1, whose layers were chosen next.</param>
/// <param name="Importance">For each layer what the policy thinks of it after the event; with IST I, the logit of being safe to suppress.</param>
/// <param name="Sets">The layers that each candidate set suppressed.</param>
/// <param name="Losses">The loss with each set suppressed, nats per trained token.</param>
/// <param name="Rewards">What each set earned by it.</param>
public sealed record ProbeEvent(
    int Step, IReadOnlyList<double> Importance, IReadOnlyList<IReadOnlyList<int>> Sets, IReadOnlyList<double> Losses, IReadOnlyList<double> Rewards)
{
    /// <summary>The event that a policy has just had, from what it would save; null where it saves none.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="step">The step that it was probed for, counted from 1.</param>
    internal static ProbeEvent? Of(ISelectionPolicy policy, int step)
    {
        var state = new Dictionary<string, object?>();
        policy.Save(state);
        return state.GetValueOrDefault("importance") is double[] importance
            && state.GetValueOrDefault("last_probe") is IReadOnlyDictionary<string, object?> probe
            && probe.GetValueOrDefault("sets") is int[][] sets
            && probe.GetValueOrDefault("losses") is double[] losses
            && probe.GetValueOrDefault("rewards") is double[] rewards
            ? new ProbeEvent(step, [.. importance], [.. sets.Select(set => (int[])[.. set])], [.. losses], [.. rewards])
            : null;
    }
}
