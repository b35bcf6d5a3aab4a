namespace Ist.SideBySide.Sides;

/// <summary>A program that trains.</summary>
internal interface ISide : IDisposable
{
    /// <summary>Does an optimizer step and gives its loss.</summary>
    double Step();

    /// <summary>The steps so far only warmed up.</summary>
    void BeginMeasuring();

    /// <summary>What the side tells at the end, a line each.</summary>
    IEnumerable<string> Notes { get; }
}
