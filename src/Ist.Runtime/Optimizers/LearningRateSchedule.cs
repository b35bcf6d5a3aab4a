namespace Ist.Runtime.Optimizers;

/// <summary>
/// The learning rate of each optimizer step: it rises from 0 on a straight line while it warms up, and then follows its kind.
/// Source: transformers, <c>get_linear_schedule_with_warmup</c>, <c>get_cosine_schedule_with_warmup</c> (half a cycle) and
/// <c>get_constant_schedule_with_warmup</c>.
/// </summary>
/// <param name="Kind">How it goes on after the warm-up.</param>
/// <param name="Peak">The largest rate, reached when the warm-up ends.</param>
/// <param name="Warmup">Steps of the warm-up; the first of them has the rate 0.</param>
/// <param name="Steps">Steps of the run.</param>
public sealed record LearningRateSchedule(ScheduleKind Kind, double Peak, int Warmup, int Steps)
{
    /// <summary>The rate of a step.</summary>
    /// <param name="step">The optimizer step, from 0.</param>
    public double At(int step) => Peak * Factor(step);

    private double Factor(int step)
    {
        if (step < Warmup)
            return (double)step / Math.Max(1, Warmup);
        double length = Math.Max(1, Steps - Warmup);
        return Kind switch
        {
            ScheduleKind.Linear => Math.Max(0, (Steps - step) / length),
            ScheduleKind.Cosine => Math.Max(0, 0.5 * (1 + Math.Cos(Math.PI * ((step - Warmup) / length)))),
            ScheduleKind.Constant => 1,
            _ => throw new InvalidOperationException($"No schedule of the kind {Kind}."),
        };
    }
}
