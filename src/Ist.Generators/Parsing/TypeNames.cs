using Ist.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>Writes types with short names and remembers the namespaces that the emitted file must then use.</summary>
internal sealed class TypeNames
{
    private static readonly SymbolDisplayFormat Format = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat NameAlone = new(miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private readonly SortedSet<string> _namespaces = new(StringComparer.Ordinal);

    public EquatableArray<string> Namespaces => _namespaces.ToEquatable();

    /// <summary>A type's name without what it stands in or what it is given.</summary>
    public static string Bare(ITypeSymbol type) => type.ToDisplayString(NameAlone);

    public string Of(ITypeSymbol type)
    {
        Remember(type);
        return type.ToDisplayString(Format);
    }

    public PortModel Port(ITypeSymbol type) =>
        new(Of(type), type.Is(KnownTypes.Act) || type.Is(KnownTypes.IdsOfWidth) ? Of(((INamedTypeSymbol)type).TypeArguments[0]) : null, type.Is(KnownTypes.Act));

    private void Remember(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named)
            return;
        if (named.SpecialType == SpecialType.None && named.ContainingNamespace is { IsGlobalNamespace: false } ns)
            _namespaces.Add(ns.ToDisplayString());
        foreach (ITypeSymbol argument in named.TypeArguments)
            Remember(argument);
    }
}
