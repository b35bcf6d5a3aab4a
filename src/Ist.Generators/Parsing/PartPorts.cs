using Ist.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>
/// What a part is given and what it gives: the first input of its first member and the output of its last. Also for parts
/// of other assemblies, where only the symbols are left.
/// </summary>
internal static class PartPorts
{
    private const int DeepestNesting = 16;

    public static (PortModel? Input, PortModel? Output) Of(INamedTypeSymbol part, TypeNames names, int depth = 0)
    {
        IPropertySymbol[] members = [.. Members(part)];
        if (members.Length == 0 || depth > DeepestNesting)
            return (null, null);
        return (Ports(members[0], names, depth).Input, Ports(members[members.Length - 1], names, depth).Output);
    }

    /// <summary>The properties that are members: partial ones, and in metadata, where that is lost, those of a member's type.</summary>
    public static IEnumerable<IPropertySymbol> Members(INamedTypeSymbol part) =>
        part.GetMembers().OfType<IPropertySymbol>().Where(p =>
            !p.IsStatic && (p.OriginalDefinition.IsPartialDefinition || (p.Locations.All(l => !l.IsInSource) && CanBeMember(p.Type))));

    /// <summary>Whether a property of this type can be a member.</summary>
    public static bool CanBeMember(ITypeSymbol type) =>
        type is INamedTypeSymbol named
        && (named.IsPart() || named.Is(KnownTypes.Stack) || KernelParser.KernelClass(named) is not null);

    private static (PortModel? Input, PortModel? Output) Ports(IPropertySymbol member, TypeNames names, int depth)
    {
        if (member.Type is not INamedTypeSymbol type)
            return (null, null);
        if (type.IsPart())
            return Of(type, names, depth + 1);
        if (type.Is(KnownTypes.Stack))
            return type.TypeArguments[0] is INamedTypeSymbol block ? Of(block, names, depth + 1) : (null, null);
        KernelModel? kernel = new KernelParser(names).ParseLayer(type, out _);
        return (kernel?.Inputs.FirstOrDefault()?.Port, kernel?.Result.Port);
    }
}
