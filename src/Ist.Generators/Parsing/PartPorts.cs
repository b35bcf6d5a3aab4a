using Ist.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>
/// What a part is given and what it gives: the first input of its first member and the output of its last, or what the
/// emitted <c>Forward</c> says where the part comes with its code, from another assembly.
/// </summary>
internal static class PartPorts
{
    private const int DeepestNesting = 16;

    public static (PortModel? Input, PortModel? Output) Of(INamedTypeSymbol part, KernelParser kernels, int depth = 0)
    {
        IPropertySymbol[] members = [.. Members(part)];
        if (depth > DeepestNesting)
            return (null, null);
        if (members.Length == 0)
            return OfForward(part, kernels.Names);
        return (Ports(members[0], kernels, depth).Input, Ports(members[members.Length - 1], kernels, depth).Output);
    }

    /// <summary>The properties that are members: the partial ones. Other assemblies do not show which these are.</summary>
    public static IEnumerable<IPropertySymbol> Members(INamedTypeSymbol part) =>
        part.GetMembers().OfType<IPropertySymbol>().Where(p => !p.IsStatic && p.OriginalDefinition.IsPartialDefinition);

    /// <summary>Whether a part is, or has somewhere inside, another one.</summary>
    public static bool Contains(INamedTypeSymbol outer, INamedTypeSymbol part) => Contains(outer, part, []);

    /// <summary>Whether a property of this type can be a member.</summary>
    public static bool CanBeMember(ITypeSymbol type) =>
        type is INamedTypeSymbol named
        && (named.IsPart() || named.Is(KnownTypes.Stack) || KernelParser.KernelClass(named) is not null);

    private static bool Contains(INamedTypeSymbol outer, INamedTypeSymbol part, HashSet<ISymbol> seen)
    {
        INamedTypeSymbol definition = outer.OriginalDefinition;
        if (SymbolEqualityComparer.Default.Equals(definition, part.OriginalDefinition))
            return true;
        return seen.Add(definition) && Members(definition)
            .Select(m => m.Type is INamedTypeSymbol type && type.Is(KnownTypes.Stack) ? type.TypeArguments[0] : m.Type)
            .Any(t => t is INamedTypeSymbol inner && inner.IsPart() && Contains(inner, part, seen));
    }

    // Forward(run, y, x, a, t, s)
    private static (PortModel? Input, PortModel? Output) OfForward(INamedTypeSymbol part, TypeNames names)
    {
        IMethodSymbol? forward = part.GetMembers(KernelMethods.Forward).OfType<IMethodSymbol>().FirstOrDefault(m =>
            m.DeclaredAccessibility == Accessibility.Public && m.Parameters.Length == 6 && m.Parameters[0].Type.Is(KnownTypes.Run));
        return forward is null ? (null, null) : (names.Port(forward.Parameters[2].Type), names.Port(forward.Parameters[1].Type));
    }

    private static (PortModel? Input, PortModel? Output) Ports(IPropertySymbol member, KernelParser kernels, int depth)
    {
        if (member.Type is not INamedTypeSymbol type)
            return (null, null);
        if (type.IsPart())
            return Of(type, kernels, depth + 1);
        if (type.Is(KnownTypes.Stack))
            return type.TypeArguments[0] is INamedTypeSymbol block ? Of(block, kernels, depth + 1) : (null, null);
        KernelModel? kernel = kernels.ParseLayer(type, out _);
        return (kernel?.Inputs.FirstOrDefault()?.Port, kernel?.Results.First().Port);
    }
}
