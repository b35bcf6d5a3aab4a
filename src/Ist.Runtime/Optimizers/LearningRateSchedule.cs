namespace Ist.Runtime.Optimizers;
/// <summary>stand-in</summary>
public sealed record LearningRateSchedule(ScheduleKind Kind, double Peak, int Warmup, int Steps)
{
    /// <summary/>
    public double At(int step)
    {
        if (step < Warmup) return Peak * step / Math.Max(1, Warmup);
        double done = (double)(step - Warmup) / Math.Max(1, Steps - Warmup);
        return Kind switch { ScheduleKind.Linear => Peak * Math.Max(0, 1 - done), ScheduleKind.Cosine => Peak * Math.Max(0, .5 * (1 + Math.Cos(Math.PI * done))), _ => Peak };
    }
}
