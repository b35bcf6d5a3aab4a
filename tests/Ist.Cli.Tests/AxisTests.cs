using Ist.Reports.Charts;

namespace Ist.Cli.Tests;

/// <summary>The ends and ticks of charts' axes.</summary>
public sealed class AxisTests
{
    [Fact]
    public void A_rounded_axis_ends_at_ticks_of_one_two_or_five()
    {
        Axis axis = Axis.Rounded([0.13, 0.87]);
        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1], axis.Ticks);
        Assert.Equal([0, 0.5, 1], new[] { 0, 0.5, 1 }.Select(axis.Share));
        Assert.Equal([-100, -50, 0, 50, 100, 150], Axis.Rounded([-98, 131]).Ticks);
    }

    [Fact]
    public void Steps_are_whole_and_fill_the_width()
    {
        Axis axis = Axis.Tight([1, 600]);
        Assert.Equal([100, 200, 300, 400, 500, 600], axis.Ticks);
        Assert.Equal((0, 1), (axis.Share(1), axis.Share(600)));
        Assert.Equal([1, 2, 3], Axis.Tight([1, 3]).Ticks);
    }

    [Fact]
    public void Losses_of_ten_times_are_logarithmic()
    {
        Axis axis = Axis.OfLoss([6.06, 0.098]);
        Assert.True(axis.IsLogarithmic);
        Assert.Equal([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], axis.Ticks, (one, other) => Math.Abs(one - other) < 1e-12);
        Assert.Equal(0.5, axis.Share(Math.Sqrt(0.05 * 10)), 1e-12);
        Assert.False(Axis.OfLoss([6, 0.7]).IsLogarithmic);
        Assert.False(Axis.OfLoss([0, 100]).IsLogarithmic);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-3e-7)]
    [InlineData(7e9)]
    public void One_value_stands_within_its_axes(double value)
    {
        foreach (Axis axis in (Axis[])[Axis.Rounded([value]), Axis.Tight([value]), Axis.OfLoss([value, value])])
        {
            Assert.InRange(axis.Share(value), 0.01, 0.99);
            Assert.InRange(axis.Ticks.Count, 0, 12);
        }
    }
}
