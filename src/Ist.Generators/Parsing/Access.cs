using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>Accessibility as it is written.</summary>
internal static class Access
{
    public static string Text(Accessibility accessibility) => accessibility switch
    {
        Accessibility.Public => "public",
        Accessibility.Protected => "protected",
        Accessibility.ProtectedOrInternal => "protected internal",
        Accessibility.ProtectedAndInternal => "private protected",
        Accessibility.Private => "private",
        _ => "internal",
    };

    /// <summary>Where an attribute is written, or its symbol where that can't be told.</summary>
    public static Location Place(this AttributeData attribute, ISymbol symbol) =>
        attribute.ApplicationSyntaxReference is { } reference
            ? Location.Create(reference.SyntaxTree, reference.Span)
            : symbol.Locations[0];
}
