namespace Ist.Reports.Comparisons;

/// <summary>
/// The percentile interval of a mean by the bootstrap (B. Efron, R. Tibshirani: An Introduction to the Bootstrap, chapter 13): values
/// are drawn with replacement, as many as there are, 10,000 times from a fixed seed; the interval leaves a fortieth of the means on
/// either side. Of few values it is narrow and rough, so whoever shows it says how many they were.
/// </summary>
internal static class Bootstrap
{
    /// <summary>How often values are drawn.</summary>
    public const int Resamples = 10_000;

    private const double Outside = 0.025;

    /// <summary>The interval in which the mean lies in 95 of 100 resamples.</summary>
    public static (double Low, double High) Interval(IReadOnlyList<double> values)
    {
        ulong state = 42;
        double[] means = new double[Resamples];
        for (int r = 0; r < Resamples; r++)
        {
            double sum = 0;
            for (int i = 0; i < values.Count; i++)
                sum += values[(int)(Next(ref state) % (ulong)values.Count)];
            means[r] = sum / values.Count;
        }
        means.AsSpan().Sort();
        return (Quantile(means, Outside), Quantile(means, 1 - Outside));
    }

    // Between neighbours in proportion, as numpy's and R's default.
    private static double Quantile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + (above - sorted[below]) * (place - below);
    }

    // SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every version of .NET.
    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
