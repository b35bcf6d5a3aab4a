using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using ScottPlot;

namespace Ist.Reports.Charts;

/// <summary>Makes and writes plots as images.</summary>
/// <param name="width">Pixels.</param>
/// <param name="height">Pixels.</param>
internal sealed class PlotImages(int width, int height)
{
    /// <summary>An empty plot.</summary>
    public static Plot New(string title, string horizontal, string vertical)
    {
        var plot = new Plot();
        plot.Font.Set(Fonts.Sans);
        plot.Title(title, 22);
        plot.XLabel(horizontal, 18);
        plot.YLabel(vertical, 18);
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 15;
        plot.Legend.FontSize = 16;
        return plot;
    }

    /// <summary>Draws plots and writes each as PNG.</summary>
    /// <param name="name">What the images are of, for messages.</param>
    /// <param name="plots">Draws them.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="RunException">An image can't be written, or the machine lacks the library that draws.</exception>
    public IReadOnlyList<string> Write(string name, Func<IReadOnlyList<(Plot Plot, string Path)>> plots)
    {
        try
        {
            return [.. plots().Select(image => Save(image.Plot, image.Path))];
        }
        // SkiaSharp, which draws, is a native library that there is not for every machine.
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new RunException($"{name}: images can't be drawn on this machine: {e.GetBaseException().Message}", e);
        }
    }

    private string Save(Plot plot, string path)
    {
        byte[] image = plot.GetImageBytes(width, height, ImageFormat.Png);
        AtomicFile.Write(path, stream => stream.Write(image));
        return path;
    }
}
