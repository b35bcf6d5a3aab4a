using System.Globalization;
using Ist.Reports.Charts;
using Ist.Reports.Runs;
using Ist.Runtime;
using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.TickGenerators;

namespace Ist.Reports;

/// <summary>The two main plots of a run as images: the losses, and the importance of the layers.</summary>
public static class RunPlots
{
    private static readonly Color _training = Color.FromHex("#1f66ad"), _heldOut = Color.FromHex("#c2500a");

    /// <summary>Writes <c>NAME-loss.png</c> and, of a policy that learns an importance, <c>NAME-importance.png</c>.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="name">The path that the images' names begin with.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="InputException">The folder holds no run, or a damaged file.</exception>
    /// <exception cref="RunException">An image can't be written, or the machine lacks the library that draws.</exception>
    public static IReadOnlyList<string> Write(string folder, string name)
    {
        RunData run = RunData.Load(folder);
        return new PlotImages(width: 1200, height: 640).Write(name, () =>
        {
            List<(Plot, string)> plots = [];
            if (run.Steps.Count > 0)
                plots.Add((Losses(run), name + "-loss.png"));
            if (run.Layers?.Importance is not null)
                plots.Add((Importance(run), name + "-importance.png"));
            return plots;
        });
    }

    private static Plot Losses(RunData run)
    {
        Plot plot = PlotImages.New(run.Name + ": loss", "step", "loss (nats)");
        double[] losses = [.. run.Steps.Select(s => s.Loss)];
        Axis axis = Axis.OfLoss([.. losses, .. run.Evaluations.Select(e => e.Loss)]);
        double Place(double loss) => axis.IsLogarithmic ? Math.Log10(loss) : loss;
        var training = plot.Add.Scatter(run.Steps.Select(s => (double)s.Step).ToArray(), losses.Select(Place).ToArray(), _training);
        (training.LegendText, training.LineWidth, training.MarkerSize) = ("training", 1.5f, run.Steps.Count == 1 ? 8 : 0);
        if (run.Evaluations.Count > 0)
        {
            var heldOut = plot.Add.Scatter(run.Evaluations.Select(e => (double)e.Step).ToArray(), run.Evaluations.Select(e => Place(e.Loss)).ToArray(), _heldOut);
            (heldOut.LegendText, heldOut.LineWidth, heldOut.MarkerSize) = ("held out", 2.5f, 8);
        }
        if (axis.IsLogarithmic)
            plot.Axes.Left.TickGenerator = new NumericManual([.. axis.Ticks.Select(Math.Log10)], [.. axis.Ticks.Select(Markup.Number)]);
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    private static Plot Importance(RunData run)
    {
        ProbeRow[] probes = run.Probes.Count > 0 ? [.. run.Probes] : [new ProbeRow(run.Layers!.Step, run.Layers.Importance!, [])];
        int layers = probes[0].Importance.Count;
        Plot plot = PlotImages.New(run.Name + ": importance of the layers", "step", "layer");
        double[,] weights = new double[layers, probes.Length];
        for (int layer = 0; layer < layers; layer++)
        {
            // The first row of a heatmap is its highest.
            for (int p = 0; p < probes.Length; p++)
                weights[layers - 1 - layer, p] = 1 / (1 + Math.Exp(probes[p].Importance[layer]));
        }
        var map = plot.Add.Heatmap(weights);
        map.Colormap = new CustomInterpolated([.. Enumerable.Range(0, 9).Select(i => ColorMap.At(i / 8.0)).Select(c => new Color(c.Red, c.Green, c.Blue))]);
        plot.Add.ColorBar(map).Label = "weight sigmoid(-I)";
        plot.Axes.Left.TickGenerator = Named(Enumerable.Range(0, layers), layer => layer, most: 16);
        plot.Axes.Bottom.TickGenerator = Named(Enumerable.Range(0, probes.Length), p => probes[p].Step, most: 12);
        plot.HideGrid();
        plot.Axes.Margins(0, 0);
        return plot;
    }

    private static NumericManual Named(IEnumerable<int> places, Func<int, int> name, int most)
    {
        int[] all = [.. places];
        int every = (all.Length + most - 1) / most;
        int[] named = [.. all.Where(place => place % every == 0)];
        return new NumericManual([.. named.Select(place => (double)place)], [.. named.Select(place => name(place).ToString(CultureInfo.InvariantCulture))]);
    }
}
