using Ist.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ist.Generators.Parsing;

/// <summary>
/// Finds the slots of a part from its symbols alone, so that they have names even while the part has errors. A part that comes from
/// another assembly brings its class of slots with it.
/// </summary>
internal static class SlotsParser
{
    /// <summary>The class that names the part's slots; null where it has none.</summary>
    public static SlotsModel? Parse(INamedTypeSymbol part, PartRole role)
    {
        if (!HasSlots(part, []))
            return null;
        var members = new List<SlotMemberModel>();
        string? block = null, stack = null;
        foreach (IPropertySymbol property in PartPorts.Members(part))
        {
            if (SyntaxFacts.GetKeywordKind(property.Name) != SyntaxKind.None)
                continue; // IST018 says so.
            string? weight = property.Find(KnownTypes.Weight)?.ConstructorArguments.FirstOrDefault().Value as string;
            if (Inside(property) is { } inner)
            {
                if (!HasSlots(inner, []))
                    continue;
                if (!property.Type.Is(KnownTypes.Stack))
                    members.Add(new SlotMemberModel(property.Name, weight, ClassName(inner)));
                else
                    (block, stack) = (ClassName(inner), weight);
            }
            else if (property.Has(KnownTypes.Slot))
            {
                members.Add(new SlotMemberModel(property.Name, weight ?? "", null));
            }
        }
        bool isPublic = part.DeclaredAccessibility == Accessibility.Public && Access.Exposure(part) == "public";
        return new SlotsModel(
            ClassName(part), isPublic ? "public" : "internal", block, stack ?? "", members.ToEquatable(),
            role.IsModel() && IsFree(part) ? TypeNames.Bare(part) : null);
    }

    /// <summary>
    /// Whether a class of the part's bare name stands in nobody's way: neither the project's nor, as for a model that is called
    /// <c>Model</c>, that of a type which emitted code names.
    /// </summary>
    private static bool IsFree(INamedTypeSymbol part)
    {
        if (!part.ContainingNamespace.GetTypeMembers(part.Name, 0).IsEmpty)
            return false;
        INamespaceSymbol declaring = part.GetAttributes().First(a => a.AttributeClass.IsRole()).AttributeClass!.ContainingNamespace;
        return declaring.ContainingNamespace.GetNamespaceMembers().All(ns => ns.GetTypeMembers(part.Name, 0).IsEmpty);
    }

    /// <summary>The part that a member is or repeats; null for a layer.</summary>
    private static INamedTypeSymbol? Inside(IPropertySymbol property) =>
        property.Type is not INamedTypeSymbol type ? null
        : type.IsPart() ? type
        : type.Is(KnownTypes.Stack) && type.TypeArguments[0] is INamedTypeSymbol block && block.IsPart() ? block
        : null;

    private static bool HasSlots(INamedTypeSymbol part, HashSet<ISymbol> seen)
    {
        IPropertySymbol[] members = [.. PartPorts.Members(part)];
        if (members.Length == 0)
            return !part.ContainingNamespace.GetTypeMembers(ClassName(part), 0).IsEmpty;
        return seen.Add(part.OriginalDefinition)
            && members.Any(member => Inside(member) is { } inner ? HasSlots(inner, seen) : member.Has(KnownTypes.Slot));
    }

    // Parts that differ in the number of their type parameters alone have classes of different names.
    private static string ClassName(INamedTypeSymbol part)
    {
        bool isAlone = part.ContainingNamespace.GetTypeMembers(part.Name).Count(t => t.IsPart()) == 1;
        return $"{part.Name}Slots{(isAlone ? "" : part.Arity.ToString())}";
    }
}
