namespace Ist.Generators.Model;

/// <summary>A declared part, read from its symbols: everything that the emitted code depends on, and nothing else.</summary>
/// <param name="Namespace">Where it is declared.</param>
/// <param name="Name">Its name without type parameters.</param>
/// <param name="TypeParameters">Such as <c>P</c>.</param>
/// <param name="Role">What the class was marked as.</param>
/// <param name="Accessibility">Such as <c>public</c>.</param>
/// <param name="Input">What it is given.</param>
/// <param name="Output">What it gives.</param>
/// <param name="Members">In the order of declaration, which is the order of the forward pass.</param>
/// <param name="Namespaces">Of the types that the emitted code names.</param>
/// <param name="IsPartial">Whether code can be added to it at all.</param>
/// <param name="Faulty">It has errors: only throwing stubs are emitted, so that the compiler does not bury them.</param>
internal sealed record PartModel(
    string Namespace,
    string Name,
    EquatableArray<string> TypeParameters,
    PartRole Role,
    string Accessibility,
    PortModel Input,
    PortModel Output,
    EquatableArray<MemberModel> Members,
    EquatableArray<string> Namespaces,
    bool IsPartial,
    bool Faulty)
{
    public string Type => TypeParameters.Count == 0 ? Name : $"{Name}<{string.Join(", ", TypeParameters)}>";

    public string HintPrefix => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";

    public MemberModel Last => Members[Members.Count - 1];
}

internal enum PartRole
{
    Branch,
    Block,
    CausalLm,
}
