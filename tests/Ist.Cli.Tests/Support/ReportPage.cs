using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ist.Cli.Tests.Support;

/// <summary>Takes a page of <c>ist report</c> apart.</summary>
internal sealed partial class ReportPage(string html)
{
    /// <summary>The headings of its sections.</summary>
    public string[] Headings => [.. Heading().Matches(html).Select(m => m.Groups[1].Value)];

    /// <summary>Its charts by name.</summary>
    public string[] Charts => [.. Chart().Matches(html).Select(m => m.Groups[1].Value)];

    /// <summary>Its embedded numbers.</summary>
    public JsonElement Data => JsonDocument.Parse(Json().Match(html).Groups[1].Value).RootElement;

    /// <summary>The layers' numbers of steps.</summary>
    public long[] Counts => [.. Count().Matches(html).Select(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    /// <summary>The cells of a heatmap: layer, step, value, colour, and where they stand.</summary>
    public (int Layer, int Step, double Value, string Fill, double X, double Y)[] Cells(string chart)
    {
        string svg = Regex.Match(html, $"""<svg class="chart" id="{chart}".*?</svg>""", RegexOptions.Singleline).Value;
        return [.. Cell().Matches(svg).Select(m => (
            int.Parse(m.Groups["layer"].Value, CultureInfo.InvariantCulture), int.Parse(m.Groups["step"].Value, CultureInfo.InvariantCulture),
            double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture), m.Groups["fill"].Value,
            double.Parse(m.Groups["x"].Value, CultureInfo.InvariantCulture), double.Parse(m.Groups["y"].Value, CultureInfo.InvariantCulture)))];
    }

    [GeneratedRegex("<h2>(.*?)</h2>")]
    private static partial Regex Heading();

    [GeneratedRegex("<svg class=\"chart\" id=\"(.*?)\"")]
    private static partial Regex Chart();

    [GeneratedRegex("<script type=\"application/json\" id=\"ist-report-data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Json();

    [GeneratedRegex("class=\"count\" data-layer=\"\\d+\" data-count=\"(\\d+)\"")]
    private static partial Regex Count();

    [GeneratedRegex("""<rect class="cell" x="(?<x>[^"]*)" y="(?<y>[^"]*)" width="[^"]*" height="[^"]*" fill="(?<fill>[^"]*)" data-layer="(?<layer>\d+)" data-step="(?<step>\d+)" data-value="(?<value>[^"]*)">""")]
    private static partial Regex Cell();
}
