namespace Ist.Reports.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Its class in the page's style: what it looks like.</param>
/// <param name="Points">Its points by rising x.</param>
/// <param name="HasMarks">Whether each point is marked.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<(double X, double Y)> Points, bool HasMarks = false);
