using Ist.Generators.Model;

namespace Ist.Generators.Planning;

/// <summary>A buffer that a part needs, before it is known where and how long it lives.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Summary">What it holds.</param>
/// <param name="Take">The method of a space that takes it, such as <c>Take&lt;Model&gt;</c>.</param>
/// <param name="Width">The expression of its width; empty where that is its marker type's.</param>
internal sealed record BufferRequest(string Name, string Type, string Summary, string Take, string Width)
{
    public static BufferRequest Of(string name, PortModel port, string summary, bool perSequence, string width = "") => new(
        name, port.Type, summary, $"{(perSequence ? "BySequence." : "")}Take{(port.HasGradient ? "" : "Ids")}<{port.Width}>", width);
}
