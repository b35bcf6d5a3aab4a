using Ist.Generators.Model;

namespace Ist.Generators.Planning;

/// <summary>The names of values and gradients in emitted code: x, y, dx and dy for the part's own, <c>a.Gate</c> and <c>d.Gate</c> inside.</summary>
internal sealed class Wires(PartModel part)
{
    /// <summary>The value of a member, or of the part's input.</summary>
    public string Value(string source) =>
        source == MemberModel.PartInput ? "x" : source == part.Last.Name ? "y" : $"a.{Inner(source)}";

    /// <summary>The gradient by that value.</summary>
    public string Gradient(string source) =>
        source == MemberModel.PartInput ? "dx" : source == part.Last.Name ? "dy" : $"d.{Inner(source)}";

    /// <summary>The buffer of a value that a layer saves for itself.</summary>
    public static string Saved(MemberModel member, string parameter) => member.Name + Pascal(parameter);

    /// <summary>The buffers inside a member that is a part or a stack.</summary>
    public static string Inside(MemberModel member) => "Inside" + member.Name;

    /// <summary>The same in several sets of buffers, each named by its letter: <c>a.InsideMlp, d.InsideMlp</c>.</summary>
    public static IEnumerable<string> InsideOf(MemberModel member, string sets) => sets.Select(set => $"{set}.{Inside(member)}");

    /// <summary>The buffer of a gradient that has to be added to one that is already there.</summary>
    public static string Share(MemberModel member, string parameter) => member.Name + "To" + Pascal(parameter);

    /// <summary>The field behind a member.</summary>
    public static string Field(string member) => "_" + char.ToLowerInvariant(member[0]) + member.Substring(1);

    private string Inner(string source) =>
        part.Members.Any(m => m.Name == source && m.Kind == MemberKind.Stack) ? $"{source}[{source}.Count]" : ValueModel.BufferOf(source);

    public static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);
}
