using System.Globalization;

namespace Ist.SideBySide;

/// <summary>How many times as fast a side is as another one, over all turns, which the two made in pairs: sum of x / sum of y.</summary>
/// <param name="Value">The ratio r.</param>
/// <param name="StandardError">Its standard error, sqrt(sum of (x - r y)^2 / (n (n - 1))) / mean of y. A turn that both made while the machine was slow adds little.</param>
internal readonly record struct PairedRatio(double Value, double StandardError)
{
    /// <summary>Of the seconds of each turn; at least two.</summary>
    public static PairedRatio Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        int n = x.Count;
        double ratio = x.Sum() / y.Sum(), squares = x.Zip(y, (a, b) => (a - ratio * b) * (a - ratio * b)).Sum();
        return new PairedRatio(ratio, Math.Sqrt(squares / n / Math.Max(1, n - 1)) / y.Average());
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:F3} +- {StandardError:F3}");
}
