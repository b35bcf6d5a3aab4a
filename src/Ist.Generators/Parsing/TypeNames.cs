using Ist.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>Writes types with short names and remembers the namespaces that the emitted file must then use.</summary>
internal sealed class TypeNames
{
    private static readonly SymbolDisplayFormat _format = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat _nameAlone = new(miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private readonly SortedSet<string> _namespaces = new(StringComparer.Ordinal);

    // Kernels name the same few types over and over, and writing them is most of what reading a part costs.
    private readonly Dictionary<ITypeSymbol, PortModel> _ports = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ITypeSymbol, string> _names = new(SymbolEqualityComparer.Default);

    public EquatableArray<string> Namespaces => _namespaces.ToEquatable();

    /// <summary>A type's name without what it stands in or what it is given.</summary>
    public static string Bare(ITypeSymbol type) => type.ToDisplayString(_nameAlone);

    /// <summary>Adds namespaces that the emitted file must use.</summary>
    public void Use(IEnumerable<string> namespaces) => _namespaces.UnionWith(namespaces);

    public string Of(ITypeSymbol type)
    {
        if (!_names.TryGetValue(type, out string? name))
        {
            Remember(type);
            _names[type] = name = type.ToDisplayString(_format);
        }
        return name;
    }

    public PortModel Port(ITypeSymbol type)
    {
        if (!_ports.TryGetValue(type, out PortModel? port))
        {
            bool isAct = type.Is(KnownTypes.Act);
            string? width = isAct || type.Is(KnownTypes.IdsOfWidth) ? Of(((INamedTypeSymbol)type).TypeArguments[0]) : null;
            _ports[type] = port = new PortModel(Of(type), width, isAct);
        }
        return port;
    }

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
