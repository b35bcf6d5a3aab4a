using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ist.Generators.Parsing;

/// <summary>Accessibility: as it is written, and as far as emitted code may go.</summary>
internal static class Access
{
    /// <summary>The modifiers of a member's declaration, which its implementation must repeat; none where none are written.</summary>
    public static string Declared(IPropertySymbol property, CancellationToken cancellation)
    {
        SyntaxNode? syntax = property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        return syntax is not PropertyDeclarationSyntax declaration ? "" : string.Join(" ", declaration.Modifiers
            .Where(m => m.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.InternalKeyword or SyntaxKind.PrivateKeyword)
            .Select(m => m.Text));
    }

    /// <summary>
    /// What emitted code that names the types of a part's members can be. A public part with members of internal types, or of
    /// parts with such members, keeps its buffers to its own assembly.
    /// </summary>
    public static string Exposure(INamedTypeSymbol part) =>
        part.DeclaredAccessibility != Accessibility.Public || MembersArePublic(part, []) ? "public" : "internal";

    /// <summary>Where an attribute is written, or its symbol where that can't be told.</summary>
    public static Location Place(this AttributeData attribute, ISymbol symbol) =>
        attribute.ApplicationSyntaxReference is { } reference
            ? Location.Create(reference.SyntaxTree, reference.Span)
            : symbol.Locations[0];

    private static bool MembersArePublic(INamedTypeSymbol part, HashSet<ISymbol> seen) =>
        PartPorts.Members(part).All(member => IsPublic(member.Type, seen));

    private static bool IsPublic(ITypeSymbol type, HashSet<ISymbol> seen)
    {
        if (type is not INamedTypeSymbol named || named.TypeKind == TypeKind.Error)
            return true;
        for (INamedTypeSymbol? outer = named; outer is not null; outer = outer.ContainingType)
        {
            if (outer.DeclaredAccessibility != Accessibility.Public)
                return false;
        }
        return named.TypeArguments.All(argument => IsPublic(argument, seen))
            && (!named.IsPart() || !seen.Add(named.OriginalDefinition) || MembersArePublic(named.OriginalDefinition, seen));
    }
}
