namespace Ist.Reports.Charts;

/// <summary>A cell of a heatmap.</summary>
/// <param name="Value">What it stands for, which the page keeps with all digits.</param>
/// <param name="Shade">What its colour shows.</param>
/// <param name="Words">What is told of it.</param>
internal readonly record struct HeatmapCell(double Value, double Shade, string Words);
