namespace Ist.Generators.Model;

/// <summary>A declared part, read from its symbols: everything that the emitted code depends on, and nothing else.</summary>
/// <param name="Namespace">Where it is declared.</param>
/// <param name="Name">Its name without type parameters.</param>
/// <param name="TypeParameters">Such as <c>P</c>.</param>
/// <param name="Role">What the class was marked as.</param>
/// <param name="Exposure">How accessible emitted code that names the members' types can be: <c>public</c> or <c>internal</c>.</param>
/// <param name="HintPrefix">What the names of the emitted files begin with.</param>
/// <param name="Input">What it is given.</param>
/// <param name="Output">What it gives.</param>
/// <param name="Members">In the order of declaration, which is the order of the forward pass.</param>
/// <param name="Namespaces">Of the types that the emitted code names.</param>
/// <param name="Slots">The class that names its slots, where it has some.</param>
/// <param name="TakesCode">Whether code can be added to it at all.</param>
/// <param name="Faulty">It has errors: only throwing stubs are emitted, so that the compiler does not bury them.</param>
internal sealed record PartModel(
    string Namespace,
    string Name,
    EquatableArray<string> TypeParameters,
    PartRole Role,
    string Exposure,
    string HintPrefix,
    PortModel Input,
    PortModel Output,
    EquatableArray<MemberModel> Members,
    EquatableArray<string> Namespaces,
    SlotsModel? Slots,
    bool TakesCode,
    bool Faulty)
{
    public string Type => TypeParameters.Count == 0 ? Name : $"{Name}<{string.Join(", ", TypeParameters)}>";

    public MemberModel Last => Members[Members.Count - 1];

    /// <summary>The members that work on tiles of rows: the last ones of some models.</summary>
    public IEnumerable<MemberModel> Tiled => Members.SkipWhile(m => !m.Tiled);
}

internal enum PartRole
{
    Branch,
    Block,
    CausalLm,
    SequenceClassifier,
}

internal static class PartRoles
{
    /// <summary>Whether it is a whole model, which a trainer drives.</summary>
    public static bool IsModel(this PartRole role) => role is PartRole.CausalLm or PartRole.SequenceClassifier;
}
