namespace Ist.Reports.Comparisons;

/// <summary>One number of several runs.</summary>
/// <param name="Values">The numbers, by seed.</param>
internal sealed record Sample(IReadOnlyList<double> Values)
{
    /// <summary>How many there are.</summary>
    public int Count => Values.Count;

    /// <summary>Their mean.</summary>
    public double Mean => Values.Average();

    /// <summary>Their standard deviation, by n - 1; null of a single one.</summary>
    public double? Deviation
    {
        get
        {
            double mean = Mean;
            return Count > 1 ? Math.Sqrt(Values.Sum(v => (v - mean) * (v - mean)) / (Count - 1)) : null;
        }
    }

    /// <summary>Where the mean lies by the bootstrap; null of a single number.</summary>
    public (double Low, double High)? Interval => Count > 1 ? Bootstrap.Interval(Values) : null;
}
