namespace Ist.Runtime.Training;

/// <summary>
/// Floating point operations of an optimizer step whose batch is full: those of matrix products and attention, a multiplication and an
/// addition as two. Where a policy chooses layers, they are the mean over its draws.
/// </summary>
/// <param name="Forward">The forward passes of all micro-batches.</param>
/// <param name="Backward">Their backward passes; with gradient checkpointing the forward passes that these run again are among them.</param>
/// <param name="BackwardByLayer">The backward passes' operations in each layer.</param>
/// <param name="Probes">Forward passes by which the policy learns, spread over the steps between its probes.</param>
public sealed record StepWork(PassWork Forward, PassWork Backward, IReadOnlyList<double> BackwardByLayer, double Probes)
{
    /// <summary>All of them.</summary>
    public double Total => Forward.Total + Backward.Total + Probes;
}
