using Ist.Reports.Comparisons;

namespace Ist.Cli.Tests;

/// <summary>The interval of a mean against all resamples that there are.</summary>
public sealed class BootstrapTests
{
    [Fact]
    public void Equal_values_have_no_spread() => Assert.Equal((2.5, 2.5), Bootstrap.Interval([2.5, 2.5, 2.5]));

    [Fact]
    public void The_interval_is_that_of_all_resamples()
    {
        double[] values = [-1.25, -0.5, 0.125, 0.75, 2, 3.5];
        double[] means = [.. All(values.Length).Select(drawn => drawn.Average(i => values[i])).Order()];

        (double low, double high) = Bootstrap.Interval(values);

        // Of 46,656 resamples 10,000 are drawn: a quantile is off by sqrt(.025 * .975 / 10000) = .0016 of the resamples (one standard deviation); four are allowed.
        Assert.InRange(low, means[(int)((0.025 - 0.0064) * means.Length)], means[(int)((0.025 + 0.0064) * means.Length)]);
        Assert.InRange(high, means[(int)((0.975 - 0.0064) * means.Length)], means[(int)((0.975 + 0.0064) * means.Length)]);
        Assert.Equal((low, high), Bootstrap.Interval(values));
    }

    private static IEnumerable<int[]> All(int count)
    {
        for (int n = 0; n < (int)Math.Pow(count, count); n++)
        {
            int[] drawn = new int[count];
            for (int i = 0, rest = n; i < count; i++, rest /= count)
                drawn[i] = rest % count;
            yield return drawn;
        }
    }
}
