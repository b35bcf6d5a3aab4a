using System.Text;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports.Charts;

/// <summary>A chart of lines over steps, as SVG.</summary>
/// <param name="id">Its name in the page.</param>
/// <param name="title">What it shows, for readers that don't see it.</param>
/// <param name="horizontal">What x is.</param>
/// <param name="vertical">What y is.</param>
/// <param name="series">The lines; those without points are left out.</param>
internal sealed class LineChart(string id, string title, string horizontal, string vertical, params IReadOnlyList<Series> series)
{
    private const int Width = 760, Left = 72, Right = 26, Top = 14, Bottom = 44;

    private readonly IReadOnlyList<Series> _series = [.. series.Where(s => s.Points.Count > 0)];

    /// <summary>Its height in pixels.</summary>
    public int Height { get; init; } = 280;

    /// <summary>Whether y may be logarithmic.</summary>
    public bool IsOfLoss { get; init; }

    /// <summary>The element.</summary>
    public string ToSvg()
    {
        double[] heights = [.. _series.SelectMany(s => s.Points).Select(p => p.Y)];
        Axis x = Axis.Tight(_series.SelectMany(s => s.Points).Select(p => p.X)), y = IsOfLoss ? Axis.OfLoss(heights) : Axis.Rounded(heights);
        double X(double value) => Left + x.Share(value) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - y.Share(value) * (Height - Top - Bottom);
        var svg = new StringBuilder();
        svg.Append($"""<svg class="chart" id="{id}" viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="{id}-title">""");
        svg.Append($"""<title id="{id}-title">{Text(title)}</title>""");
        foreach (double tick in y.Ticks)
        {
            svg.Append($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{At(Y(tick))}" y2="{At(Y(tick))}"/>""");
            svg.Append($"""<text class="tick" x="{Left - 8}" y="{At(Y(tick) + 4)}" text-anchor="end">{Number(tick)}</text>""");
        }
        svg.Append($"""<line class="axis" x1="{Left}" x2="{Width - Right}" y1="{Height - Bottom}" y2="{Height - Bottom}"/>""");
        foreach (double tick in x.Ticks)
        {
            svg.Append($"""<line class="axis" x1="{At(X(tick))}" x2="{At(X(tick))}" y1="{Height - Bottom}" y2="{Height - Bottom + 5}"/>""");
            svg.Append($"""<text class="tick" x="{At(X(tick))}" y="{Height - Bottom + 19}" text-anchor="middle">{Number(tick)}</text>""");
        }
        svg.Append($"""<text class="label" x="{(Left + Width - Right) / 2}" y="{Height - 6}" text-anchor="middle">{Text(horizontal)}</text>""");
        string scale = y.IsLogarithmic ? ", logarithmic" : "";
        svg.Append($"""<text class="label" transform="translate(13 {(Top + Height - Bottom) / 2}) rotate(-90)" text-anchor="middle">{Text(vertical + scale)}</text>""");
        foreach (Series line in _series)
        {
            if (line.Points.Count > 1)
                svg.Append($"""<polyline class="line {line.Style}" points="{string.Join(' ', line.Points.Select(p => $"{At(X(p.X))},{At(Y(p.Y))}"))}"/>""");
            if (!line.HasMarks && line.Points.Count > 1)
                continue;
            foreach ((double step, double value) in line.Points)
            {
                svg.Append($"""<circle class="mark {line.Style}" cx="{At(X(step))}" cy="{At(Y(value))}" r="3.5">""");
                svg.Append($"<title>{Text(line.Name)}, {Text(horizontal)} {Number(step)}: {Number(value)}</title></circle>");
            }
        }
        return svg.Append("</svg>").ToString();
    }

    /// <summary>What each line is.</summary>
    public string ToLegend() => _series.Count < 2 ? "" :
        $"""<p class="legend">{string.Concat(_series.Select(s => $"""<span><i class="key {s.Style}"></i>{Text(s.Name)}</span>"""))}</p>""";
}
