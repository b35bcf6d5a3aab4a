namespace Ist.Generators.Model;

/// <summary>What flows along a wire.</summary>
/// <param name="Type">Its type as written in emitted code, such as <c>Act&lt;Model&gt;</c>.</param>
/// <param name="Width">The marker type of its width, or null when it has none, as token ids.</param>
internal sealed record PortModel(string Type, string? Width)
{
    /// <summary>A port of a part that could not be read.</summary>
    public static PortModel Unknown { get; } = new("object", null);

    /// <summary>Only activations have gradients.</summary>
    public bool HasGradient => Width is not null;

    /// <summary>For people: the width where there is one.</summary>
    public string Display => Width ?? Type;
}
