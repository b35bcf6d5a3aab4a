using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports.Pages;

/// <summary>A page that needs nothing beside it: sections in order, and the numbers behind them as JSON.</summary>
/// <param name="title">The page's title.</param>
/// <param name="summary">A line under it.</param>
internal sealed partial class HtmlPage(string title, string summary)
{
    private readonly StringBuilder _sections = new();

    /// <summary>Adds a section.</summary>
    /// <param name="heading">Its heading.</param>
    /// <param name="content">Its elements.</param>
    public void Add(string heading, params IEnumerable<string> content)
    {
        _sections.Append($"<section>\n<h2>{Text(heading)}</h2>\n");
        foreach (string element in content.Where(element => element.Length > 0))
            _sections.Append(element).Append('\n');
        _sections.Append("</section>\n");
    }

    /// <summary>Adds figures that stand before all sections.</summary>
    public void AddFigures(IEnumerable<(string Name, string Value)> figures) => _sections.Append("<dl class=\"figures\">\n")
        .AppendJoin('\n', figures.Select(f => $"<div><dt>{Text(f.Name)}</dt><dd>{Text(f.Value)}</dd></div>")).Append("\n</dl>\n");

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="data">The numbers.</param>
    /// <exception cref="RunException">It can't be written.</exception>
    public void Write(string path, object data)
    {
        var values = new Dictionary<string, string>
        {
            ["title"] = Text(title),
            ["summary"] = Text(summary),
            ["sections"] = _sections.ToString(),
            // The serializer escapes < and &, so no text in it ends the element.
            ["data"] = JsonSerializer.Serialize(data),
        };
        AtomicFile.WriteAllText(path, Placeholder().Replace(Template(), place => values[place.Groups[1].Value]));
    }

    /// <summary>A paragraph.</summary>
    public static string Paragraph(string text) => $"<p>{Text(text)}</p>";

    /// <summary>A table; columns of numbers stand at the right.</summary>
    public static string Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new StringBuilder("<div class=\"wide\"><table><thead><tr>");
        foreach (string heading in headings)
            table.Append($"<th scope=\"col\">{Text(heading)}</th>");
        table.Append("</tr></thead><tbody>\n");
        foreach (IReadOnlyList<string> row in rows)
            table.Append("<tr>").AppendJoin("", row.Select((cell, i) => i == 0 ? $"<th scope=\"row\">{Text(cell)}</th>" : $"<td>{Text(cell)}</td>")).Append("</tr>\n");
        return table.Append("</tbody></table></div>").ToString();
    }

    /// <summary>Something that is shown when it is asked for.</summary>
    public static string Folded(string summary, string content) => $"<details><summary>{Text(summary)}</summary>{content}</details>";

    /// <summary>Text to copy.</summary>
    public static string Code(string text) => $"<pre><code>{Text(text)}</code></pre>";

    private static string Template()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("page.html")!;
        return new StreamReader(stream).ReadToEnd();
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
