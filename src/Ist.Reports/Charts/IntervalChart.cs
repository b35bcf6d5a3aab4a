using System.Text;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports.Charts;

/// <summary>A value and the interval around it in each row, and a line at 0, as SVG.</summary>
/// <param name="id">Its name in the page.</param>
/// <param name="title">What it shows, for readers that don't see it.</param>
/// <param name="horizontal">What x is.</param>
/// <param name="rows">The rows, from above.</param>
internal sealed class IntervalChart(string id, string title, string horizontal, IReadOnlyList<(string Name, double Value, double Low, double High)> rows)
{
    private const int Width = 760, Left = 190, Right = 24, Top = 8, Row = 30, Bottom = 44;

    /// <summary>The element.</summary>
    public string ToSvg()
    {
        Axis axis = Axis.Rounded(rows.SelectMany(r => (double[])[r.Low, r.High, 0]), ticks: 6);
        int bottom = Top + Row * rows.Count;
        string X(double value) => At(Left + axis.Share(value) * (Width - Left - Right));
        var svg = new StringBuilder();
        svg.Append($"""<svg class="chart" id="{id}" viewBox="0 0 {Width} {bottom + Bottom}" role="img" aria-labelledby="{id}-title"><title id="{id}-title">{Text(title)}</title>""");
        foreach (double tick in axis.Ticks)
        {
            svg.Append($"""<line class="{(tick == 0 ? "axis" : "grid")}" x1="{X(tick)}" x2="{X(tick)}" y1="{Top}" y2="{bottom}"/>""");
            svg.Append($"""<text class="tick" x="{X(tick)}" y="{bottom + 18}" text-anchor="middle">{Number(tick)}</text>""");
        }
        for (int i = 0; i < rows.Count; i++)
        {
            (string name, double value, double low, double high) = rows[i];
            int y = Top + Row * i + Row / 2;
            svg.Append($"""<text class="label" x="{Left - 12}" y="{y + 4}" text-anchor="end">{Text(name)}</text>""");
            svg.Append($"""<line class="line first" x1="{X(low)}" x2="{X(high)}" y1="{y}" y2="{y}"/><circle class="mark first" cx="{X(value)}" cy="{y}" r="5">""");
            svg.Append($"<title>{Text(name)}: {Number(value)}, from {Number(low)} to {Number(high)}</title></circle>");
        }
        return svg.Append($"""<text class="label" x="{(Left + Width - Right) / 2}" y="{bottom + Bottom - 6}" text-anchor="middle">{Text(horizontal)}</text></svg>""").ToString();
    }
}
