namespace Ist.Generators.Model;

/// <summary>What flows along a wire.</summary>
/// <param name="Type">Its type as written in emitted code, such as <c>Act&lt;Model&gt;</c>.</param>
/// <param name="Width">The marker type of its width, or null when it has none, as token ids.</param>
/// <param name="HasGradient">Whether it is an activation; whole numbers have none.</param>
internal sealed record PortModel(string Type, string? Width, bool HasGradient)
{
    /// <summary>A port of a part that could not be read.</summary>
    public static PortModel Unknown { get; } = new("object", null, HasGradient: false);

    /// <summary>For people: the width where there is one.</summary>
    public string Display => HasGradient ? Width! : Type;
}
