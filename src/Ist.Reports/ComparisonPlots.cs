using Ist.Reports.Charts;
using Ist.Reports.Comparisons;
using Ist.Runtime;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Ist.Reports;

/// <summary>The two main plots of a comparison as images: the differences of the held-out loss, and its mean over steps.</summary>
internal static class ComparisonPlots
{
    private static readonly Color[] _colors = [.. ((string[])["#1f66ad", "#c2500a", "#26805f", "#8a4f9e", "#7a6a1d", "#5b6770", "#b0306a", "#2b8fa3"]).Select(hex => Color.FromHex(hex))];

    /// <summary>Writes <c>NAME-losses.png</c> and, where there is something to compare, <c>NAME-differences.png</c>.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="name">The path that the images' names begin with.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="RunException">An image can't be written, or the machine lacks the library that draws.</exception>
    public static IReadOnlyList<string> Write(Comparison comparison, string name)
    {
        return new PlotImages(width: 900, height: 520).Write(name, () =>
        {
            List<(Plot, string)> plots = [(Losses(comparison.Parts[0], comparison.Name), name + "-losses.png")];
            if (comparison.Parts[0].Groups.Count > 1)
                plots.Add((Differences(comparison), name + "-differences.png"));
            return plots;
        });
    }

    private static Plot Losses(ComparisonPart part, string name)
    {
        Plot plot = PlotImages.New($"{name}: mean held-out loss at equal {part.Equal}", "step", "held-out loss (nats)");
        (double Step, double Loss)[][] curves = [.. part.Groups.Select(group => group.MeanLosses())];
        Axis axis = Axis.OfLoss([.. curves.SelectMany(curve => curve).Select(point => point.Loss)]);
        for (int i = 0; i < curves.Length; i++)
        {
            var line = plot.Add.Scatter(curves[i].Select(p => p.Step).ToArray(), curves[i].Select(p => axis.IsLogarithmic ? Math.Log10(p.Loss) : p.Loss).ToArray(), _colors[i % _colors.Length]);
            (line.LegendText, line.LineWidth, line.MarkerSize) = (part.Groups[i].Name, 2, 7);
        }
        if (axis.IsLogarithmic)
            plot.Axes.Left.TickGenerator = new NumericManual([.. axis.Ticks.Select(Math.Log10)], [.. axis.Ticks.Select(Markup.Number)]);
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    // From above in the order of the table; the parts of one group stand close together.
    private static Plot Differences(Comparison comparison)
    {
        Plot plot = PlotImages.New($"{comparison.Name}: paired differences from '{comparison.Parts[0].Baseline.Name}'", "difference of the held-out loss (nats), with its 95 % interval", "");
        string[] names = [.. comparison.Parts.SelectMany(part => part.LossDifferences()).Select(row => row.Name).Distinct()];
        for (int p = 0; p < comparison.Parts.Count; p++)
        {
            (string Name, double Value, double Low, double High)[] rows = [.. comparison.Parts[p].LossDifferences()];
            double[] heights = [.. rows.Select(row => names.Length - Array.IndexOf(names, row.Name) - 0.22 * p)];
            var points = plot.Add.Scatter(rows.Select(row => row.Value).ToArray(), heights, _colors[p]);
            (points.LegendText, points.LineWidth, points.MarkerSize) = ($"equal {comparison.Parts[p].Equal}", 0, 9);
            for (int i = 0; i < rows.Length; i++)
                plot.Add.Line(rows[i].Low, heights[i], rows[i].High, heights[i]).Color = _colors[p];
        }
        plot.Add.VerticalLine(0, 1, Colors.Black);
        plot.Axes.Left.TickGenerator = new NumericManual([.. names.Select((_, i) => (double)(names.Length - i))], names);
        // The legend has room of its own above.
        plot.Axes.SetLimitsY(0.4, names.Length + 1.4);
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }
}
