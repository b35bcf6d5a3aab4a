using System.Globalization;
using System.Text;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports.Charts;

/// <summary>A cell for each layer and each of some steps, as SVG; layer 0, which is next to the input, is at the bottom.</summary>
/// <param name="id">Its name in the page.</param>
/// <param name="title">What it shows, for readers that don't see it.</param>
/// <param name="columns">For each column the steps that it stands for, in words.</param>
/// <param name="steps">For each column a step.</param>
/// <param name="cells">The cells of each column, layer by layer.</param>
internal sealed class Heatmap(string id, string title, IReadOnlyList<string> columns, IReadOnlyList<int> steps, IReadOnlyList<IReadOnlyList<HeatmapCell>> cells)
{
    private const int Width = 760, Left = 72, Right = 26, Top = 6, Bottom = 44;

    /// <summary>What the colours mean.</summary>
    public required string Scale { get; init; }

    /// <summary>The values of the lightest and the darkest colour; null for the least and the greatest that there are.</summary>
    public (double Low, double High)? Bounds { get; init; }

    private (double Low, double High) Range => Bounds ?? (cells.SelectMany(c => c).Min(c => c.Shade), cells.SelectMany(c => c).Max(c => c.Shade));

    /// <summary>The element.</summary>
    public string ToSvg()
    {
        int layers = cells[0].Count;
        double cell = Math.Clamp(340.0 / layers, 7, 28), column = (double)(Width - Left - Right) / cells.Count;
        double bottom = Top + cell * layers, height = bottom + Bottom;
        double X(int c) => Left + c * column;
        double Y(int layer) => bottom - (layer + 1) * cell;
        // Narrow cells touch, and their edges are drawn on pixels: seams between them would be of different widths.
        (double gap, string edges) = column > 14 ? (1, "auto") : (0, "crispEdges");
        double rowGap = cell > 12 ? 1 : 0;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg class="chart" id="{id}" viewBox="0 0 {Width} {At(height)}" role="img" aria-labelledby="{id}-title">""");
        svg.Append($"""<title id="{id}-title">{Text(title)}</title><g shape-rendering="{edges}">""");
        for (int c = 0; c < cells.Count; c++)
        {
            for (int layer = 0; layer < layers; layer++)
            {
                HeatmapCell shown = cells[c][layer];
                svg.Append(CultureInfo.InvariantCulture, $"""<rect class="cell" x="{At(X(c))}" y="{At(Y(layer))}" width="{At(column - gap)}" height="{At(cell - rowGap)}" fill="{ColorMap.Hex(Share(shown.Shade))}" """);
                svg.Append(CultureInfo.InvariantCulture, $"""data-layer="{layer}" data-step="{steps[c]}" data-value="{Exact(shown.Value)}"><title>layer {layer}, {Text(columns[c])}: {Text(shown.Words)}</title></rect>""");
            }
        }
        svg.Append("</g>");
        int every = Math.Max(1, (int)Math.Ceiling(16 / cell));
        for (int layer = 0; layer < layers; layer += every)
            svg.Append($"""<text class="tick" x="{Left - 8}" y="{At(Y(layer) + cell / 2 + 4)}" text-anchor="end">{layer}</text>""");
        int named = Math.Max(1, (int)Math.Ceiling(cells.Count / 10.0));
        for (int c = 0; c < cells.Count; c += named)
            svg.Append($"""<text class="tick" x="{At(X(c) + column / 2)}" y="{At(bottom + 17)}" text-anchor="middle">{Count(steps[c])}</text>""");
        svg.Append($"""<text class="label" x="{(Left + Width - Right) / 2}" y="{At(height - 6)}" text-anchor="middle">step</text>""");
        svg.Append($"""<text class="label" transform="translate(13 {At((Top + bottom) / 2)}) rotate(-90)" text-anchor="middle">layer</text>""");
        return svg.Append("</svg>").ToString();
    }

    /// <summary>What its colours mean.</summary>
    public string ToLegend()
    {
        string stops = string.Join(", ", Enumerable.Range(0, 9).Select(i => ColorMap.Hex(i / 8.0)));
        return $"""<p class="legend">{Text(Scale)}: <span>{Number(Range.Low)}</span><i class="ramp" style="background: linear-gradient(to right, {stops})"></i><span>{Number(Range.High)}</span></p>""";
    }

    private double Share(double shade) => Range is var (low, high) && high > low ? (shade - low) / (high - low) : 0.5;
}
