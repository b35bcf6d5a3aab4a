using Ist.Runtime.Optimizers;

namespace Ist.Runtime.Tests.Optimizers;

/// <summary>The factors that transformers' get_*_schedule_with_warmup give for a warm-up of 4 steps of 12.</summary>
public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(ScheduleKind.Linear, new[] { 0, .25, .5, .75, 1, .875, .75, .625, .5, .375, .25, .125, 0, 0 })]
    [InlineData(ScheduleKind.Constant, new[] { 0, .25, .5, .75, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(ScheduleKind.Cosine, new[]
    {
        0, .25, .5, .75, 1, 0.9619397662556434, 0.8535533905932737, 0.6913417161825449, .5, 0.30865828381745514, 0.14644660940672627,
        0.03806023374435663, 0,
    })]
    public void Rates_rise_and_then_follow_their_kind(ScheduleKind kind, double[] factors)
    {
        var schedule = new LearningRateSchedule(kind, 3e-4, 4, 12);
        for (int step = 0; step < factors.Length; step++)
            Assert.Equal(3e-4 * factors[step], schedule.At(step), 1e-18);
    }

    [Theory]
    [InlineData(ScheduleKind.Linear)]
    [InlineData(ScheduleKind.Cosine)]
    [InlineData(ScheduleKind.Constant)]
    public void Without_warm_up_the_first_rate_is_the_peak(ScheduleKind kind) =>
        Assert.Equal(0.5, new LearningRateSchedule(kind, 0.5, 0, 10).At(0));

    [Fact]
    public void A_run_that_only_warms_up_never_falls() =>
        Assert.Equal(0.75, new LearningRateSchedule(ScheduleKind.Linear, 1, 4, 4).At(3));
}
