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

    public static BufferRequest Of(string name, PortModel port, string summary, bool isTile, bool perSequence, string width = "") => new(
        name, port.Type, summary, isTile ? OfTile : perSequence ? "space.BySequence" : "space", $"Take{(port.HasGradient ? "" : "Ids")}<{port.Width}>", width);
}
