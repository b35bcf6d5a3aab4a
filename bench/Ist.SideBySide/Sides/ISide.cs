namespace Ist.SideBySide.Sides;

/// <summary>A program that trains or multiplies.</summary>
internal interface ISide : IDisposable
{
    /// <summary>Does an optimizer step, or a product.</summary>
    void Step();

    /// <summary>A number by which sides can be seen to agree: the loss of the newest step, or a norm of the product.</summary>
    double Result { get; }

    /// <summary>The steps so far only warmed up.</summary>
    void BeginMeasuring();

    /// <summary>What the side tells at the end, a line each.</summary>
    IEnumerable<string> Notes { get; }
}
