using Ist.Generators.Model;

namespace Ist.Generators.Planning;

/// <summary>A buffer that a part needs, before it is known where and how long it lives.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Summary">What it holds.</param>
/// <param name="Space">What it is taken from: <c>space</c>, or one that gives other rows.</param>
/// <param name="Take">The method that takes it, such as <c>Take&lt;Model&gt;</c>.</param>
/// <param name="Width">The expression of its width; empty where that is its marker type's.</param>
internal sealed record BufferRequest(string Name, string Type, string Summary, string Space, string Take, string Width)
{
    /// <summary>The space of buffers with a row for each of a tile.</summary>
    private const string OfTile = "space.Tile";

    /// <summary>Whether it has the rows of a tile.</summary>
    public bool IsTile => Space == OfTile;

    /// <summary>A value, or a gradient by it, as the run's precision stores it.</summary>
    public static BufferRequest Of(string name, PortModel port, string summary, bool isTile, bool perSequence) =>
        Of("Take", name, port, summary, isTile, perSequence, "");

    /// <summary>A value of the stream to which layers add, or the gradient by it: F32 in every precision.</summary>
    public static BufferRequest OfStream(string name, PortModel port, string summary, bool isTile, bool perSequence) =>
        Of("TakeSingle", name, port, summary, isTile, perSequence, "");

    /// <summary>What a layer saves beside its result, or scratch of its shape: F32 in every precision, as all of a width of its own is.</summary>
    public static BufferRequest OfSaved(string name, PortModel port, string summary, bool isTile, bool perSequence, string width) =>
        Of(width.Length == 0 ? "TakeSingle" : "Take", name, port, summary, isTile, perSequence, width);

    private static BufferRequest Of(string take, string name, PortModel port, string summary, bool isTile, bool perSequence, string width) => new(
        name, port.Type, summary, isTile ? OfTile : perSequence ? "space.BySequence" : "space", $"{(port.HasGradient ? take : "TakeIds")}<{port.Width}>", width);
}
