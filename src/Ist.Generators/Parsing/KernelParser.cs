using Ist.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>
/// Learns how a layer or slot is called from the signatures of its methods. A layer <c>X&lt;A, B&gt;</c> has its kernels
/// in the static class <c>X</c> beside it, with type parameters of the same names; a slot has them as its own methods.
/// </summary>
internal sealed class KernelParser(TypeNames names, KernelCache cache)
{
    /// <summary>The names of the types that kernels take.</summary>
    public TypeNames Names => names;

    /// <summary>The layer's kernels, or null and the reason why they can't be used.</summary>
    public KernelModel? ParseLayer(INamedTypeSymbol layer, out string? reason) => Take(cache.Layer(layer, key =>
    {
        KernelParser alone = Alone();
        KernelModel? kernel = alone.ParseKernels(key, out string? why);
        return new ReadKernel(kernel, why, alone.Names.Namespaces);
    }), out reason);

    private KernelModel? ParseKernels(INamedTypeSymbol layer, out string? reason)
    {
        INamedTypeSymbol? kernels = KernelClass(layer);
        if (kernels is null)
        {
            reason = $"there is no static class '{layer.Name}' with a Forward method beside it";
            return null;
        }
        return Parse(kernels, isStatic: true, layer, method => Construct(method, layer), out reason);
    }

    /// <summary>The slot's kernels, or null and the reason why they can't be used.</summary>
    /// <param name="slot">The slot that the host offers, for the part's method.</param>
    /// <param name="host">The layer that it adapts.</param>
    /// <param name="reason">Why there are none.</param>
    public KernelModel? ParseSlot(INamedTypeSymbol slot, INamedTypeSymbol host, out string? reason) => Take(cache.Slot(slot.TypeArguments[0].Name, host, key =>
    {
        KernelParser alone = Alone();
        KernelModel? kernel = alone.Parse(slot, isStatic: false, key, method => method, out string? why);
        return new ReadKernel(kernel, why, alone.Names.Namespaces);
    }), out reason);

    /// <summary>The static class that holds a layer's kernels.</summary>
    public static INamedTypeSymbol? KernelClass(INamedTypeSymbol layer) =>
        layer.ContainingNamespace?.GetTypeMembers(layer.Name, 0)
            .FirstOrDefault(t => t.IsStatic && t.GetMembers(KernelMethods.Forward).Length > 0);

    // What is kept for all parts remembers the namespaces of its own types alone.
    private KernelParser Alone() => new(new TypeNames(), cache);

    private KernelModel? Take(ReadKernel read, out string? reason)
    {
        names.Use(read.Namespaces);
        reason = read.Reason;
        return read.Kernel;
    }

    private KernelModel? Parse(
        INamedTypeSymbol holder, bool isStatic, INamedTypeSymbol layer, Func<IMethodSymbol, IMethodSymbol?> construct, out string? reason)
    {
        IMethodSymbol? Method(string name) => holder.GetMembers(name).OfType<IMethodSymbol>()
            .Where(m => m.IsStatic == isStatic && m.DeclaredAccessibility == Accessibility.Public)
            .Select(construct)
            .FirstOrDefault(m => m is not null);

        if (Method(KernelMethods.Forward) is not { } forward)
        {
            reason = $"'{holder.Name}.Forward' is not public, or its type parameters do not bear the names of those of '{layer.Name}'";
            return null;
        }
        var parameters = forward.Parameters.Select(p => ForwardParameter(p, layer)).ToEquatable();
        if (parameters.All(p => p.Role != ParameterRole.Result))
        {
            reason = $"'{holder.Name}.Forward' must mark what it writes with [Result]";
            return null;
        }
        if (parameters.FirstOrDefault(p => p.Role is ParameterRole.Result or ParameterRole.Saved && p.Port.Width is null) is { } odd)
        {
            reason = $"'{holder.Name}.Forward' writes '{odd.Name}', which is {odd.Port.Type}; results and saved values are Act<…> or Ids<…>";
            return null;
        }
        INamedTypeSymbol owner = isStatic ? layer : holder;
        if (parameters.FirstOrDefault(p => p.WidthProperty is { } width && !Properties(owner).Contains(width)) is { WidthProperty: { } unknown } narrow)
        {
            reason = $"'{holder.Name}.Forward' takes the width of '{narrow.Name}' from '{unknown}', which is no property of {names.Of(owner)}{NearestName.Suggest(unknown, Properties(owner))}";
            return null;
        }
        var backwards = new List<MethodModel>();
        foreach (string name in KernelMethods.AllBackward)
        {
            if (Method(name) is not { } method)
                continue;
            var read = new List<ParameterModel>();
            foreach (IParameterSymbol parameter in method.Parameters)
            {
                if (BackwardParameter(parameter, layer, parameters) is not { } known)
                {
                    reason = $"parameter '{parameter.Name}' of '{holder.Name}.{name}' is neither a parameter of Forward nor one with 'd' before its name";
                    return null;
                }
                read.Add(known);
            }
            backwards.Add(new MethodModel(name, read.ToEquatable()));
        }
        reason = null;
        return new KernelModel(parameters, backwards.ToEquatable());
    }

    private ParameterModel ForwardParameter(IParameterSymbol parameter, INamedTypeSymbol layer)
    {
        AttributeData? saved = parameter.Find(KnownTypes.Saved);
        ParameterRole role = Common(parameter, layer)
            ?? (saved is not null ? ParameterRole.Saved : parameter.Has(KnownTypes.Result) ? ParameterRole.Result : ParameterRole.Input);
        string? width = saved?.NamedArguments.FirstOrDefault(a => a.Key == "Width").Value.Value as string;
        return new ParameterModel(parameter.Name, role, parameter.Name, names.Port(parameter.Type), width, parameter.Has(KnownTypes.PerSequence));
    }

    private ParameterModel? BackwardParameter(IParameterSymbol parameter, INamedTypeSymbol layer, EquatableArray<ParameterModel> forward)
    {
        if (Common(parameter, layer) is { } role)
            return new ParameterModel(parameter.Name, role, parameter.Name, names.Port(parameter.Type));
        if (forward.FirstOrDefault(p => p.Name == parameter.Name) is { } value)
            return value with { ReadWhere = parameter.Find(KnownTypes.ReadWhere)?.ConstructorArguments[0].Value as string };
        string of = parameter.Name.Length > 1 && parameter.Name[0] == 'd' ? parameter.Name.Substring(1) : "";
        return forward.FirstOrDefault(p => p.Name == of) is { } primal
            ? new ParameterModel(parameter.Name, ParameterRole.Gradient, of, names.Port(parameter.Type), primal.WidthProperty)
            : null;
    }

    private static ParameterRole? Common(IParameterSymbol parameter, INamedTypeSymbol layer) =>
        parameter.Type.Is(KnownTypes.Run) ? ParameterRole.Run
        : IsOrDerivesFrom(layer, parameter.Type) ? ParameterRole.Layer
        : null;

    private static IEnumerable<string> Properties(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            foreach (IPropertySymbol property in at.GetMembers().OfType<IPropertySymbol>())
                yield return property.Name;
        }
    }

    // A slot takes its host by a base type, so that one slot serves all layers that derive from it.
    private static bool IsOrDerivesFrom(INamedTypeSymbol layer, ITypeSymbol type)
    {
        for (INamedTypeSymbol? at = layer; at is { SpecialType: not SpecialType.System_Object }; at = at.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, at.OriginalDefinition))
                return true;
        }
        return false;
    }

    private static IMethodSymbol? Construct(IMethodSymbol method, INamedTypeSymbol layer)
    {
        if (method.TypeParameters.IsEmpty)
            return method;
        var arguments = new List<ITypeSymbol>();
        foreach (ITypeParameterSymbol parameter in method.TypeParameters)
        {
            int at = layer.TypeParameters.IndexOf(layer.TypeParameters.FirstOrDefault(p => p.Name == parameter.Name)!);
            if (at < 0)
                return null;
            arguments.Add(layer.TypeArguments[at]);
        }
        return method.Construct([.. arguments]);
    }
}
