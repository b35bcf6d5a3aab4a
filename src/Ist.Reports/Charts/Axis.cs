namespace Ist.Reports.Charts;

/// <summary>Where the values of an axis stand, and which of them are named.</summary>
internal sealed class Axis
{
    private readonly double _low, _high;

    private Axis(double low, double high, bool isLogarithmic, IReadOnlyList<double> ticks) =>
        (_low, _high, IsLogarithmic, Ticks) = (low, high, isLogarithmic, ticks);

    /// <summary>Whether equal distances are equal ratios.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>The values that are named.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis for some values that ends at round numbers.</summary>
    /// <param name="values">The values; where they are all alike, or none, the axis goes a little way around them.</param>
    /// <param name="ticks">About how many are named.</param>
    public static Axis Rounded(IEnumerable<double> values, int ticks = 5)
    {
        (double low, double high) = Range(values);
        double step = Step((high - low) / ticks);
        (double first, double last) = (Math.Floor(low / step + 1e-9), Math.Ceiling(high / step - 1e-9));
        return new Axis(first * step, last * step, isLogarithmic: false, Multiples(first, last, step));
    }

    /// <summary>An axis that begins and ends at the lowest and highest of some values.</summary>
    public static Axis Tight(IEnumerable<double> values, int ticks = 8)
    {
        (double low, double high) = Range(values);
        // Steps are whole.
        double step = Math.Max(1, Step((high - low) / ticks));
        return new Axis(low, high, isLogarithmic: false, Multiples(Math.Ceiling(low / step - 1e-9), Math.Floor(high / step + 1e-9), step));
    }

    /// <summary>An axis for losses: logarithmic where the highest is ten times the lowest or more, and all are above 0.</summary>
    public static Axis OfLoss(IReadOnlyList<double> values)
    {
        if (values.Count == 0 || values.Min() <= 0 || values.Max() < 10 * values.Min())
            return Rounded(values);
        List<double> ticks = [];
        for (double decade = Math.Pow(10, Math.Floor(Math.Log10(values.Min()))); decade <= values.Max(); decade *= 10)
            ticks.AddRange(new[] { 1, 2, 5 }.Select(digit => digit * decade));
        double low = ticks.Last(tick => tick <= values.Min() * (1 + 1e-9));
        double high = ticks.Append(ticks[^1] * 2).First(tick => tick >= values.Max() * (1 - 1e-9));
        return new Axis(Math.Log(low), Math.Log(high), isLogarithmic: true, [.. ticks.Append(ticks[^1] * 2).Where(tick => tick >= low && tick <= high)]);
    }

    /// <summary>Where a value stands: 0 at the lower end, 1 at the upper one.</summary>
    public double Share(double value) => ((IsLogarithmic ? Math.Log(value) : value) - _low) / (_high - _low);

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        double[] all = [.. values.DefaultIfEmpty(0)];
        (double low, double high) = (all.Min(), all.Max());
        double around = Math.Max(Math.Abs(high) * 0.1, 1e-12);
        return high - low > 1e-9 * around ? (low, high) : (low - around, high + around);
    }

    /// <summary>1, 2 or 5 times a power of ten, at least so much.</summary>
    private static double Step(double least)
    {
        double decade = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return decade * new[] { 1.0, 2, 5, 10 }.First(digit => digit * decade >= least * (1 - 1e-9));
    }

    private static double[] Multiples(double first, double last, double step) =>
        [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, 12))];
}
