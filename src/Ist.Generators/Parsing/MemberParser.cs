using Ist.Generators.Diagnostics;
using Ist.Generators.Model;
using Ist.Generators.Planning;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>Reads one member of a part: what it is, how it is called and what was declared about it.</summary>
internal sealed class MemberParser(TypeNames names, INamedTypeSymbol part, Action<Diagnostic> report, CancellationToken cancellation)
{
    private readonly KernelParser _kernels = new(names, KernelCache.Of(part));

    /// <summary>The member, its sources not yet resolved; null when it is none.</summary>
    public MemberModel? Parse(IPropertySymbol property)
    {
        if (property.Type.TypeKind == TypeKind.Error)
            return null; // the compiler says why
        if (property.Type is not INamedTypeSymbol type)
        {
            report(Diagnostic.Create(
                Descriptors.NotAMember, property.Locations[0], property.Name, names.Of(property.Type), "it is no class"));
            return null;
        }
        if (type.IsPart())
            return ParsePart(property, type);
        if (type.Is(KnownTypes.Stack))
            return ParseStack(property, type);
        return ParseLayer(property, type);
    }

    private MemberModel? ParseLayer(IPropertySymbol property, INamedTypeSymbol type)
    {
        KernelModel? kernel = _kernels.ParseLayer(type, out string? reason);
        if (kernel is null)
        {
            report(Diagnostic.Create(Descriptors.NotAMember, property.Locations[0], property.Name, names.Of(type), reason));
            return null;
        }
        string? slot = null;
        if (property.Find(KnownTypes.Slot) is { } attribute)
        {
            if (Behind(attribute) is not null)
                report(Diagnostic.Create(Descriptors.NoSlot, attribute.Place(property), property.Name, "is a layer, whose slot takes no arguments"));
            slot = ParseSlot(property, type, attribute, out KernelModel? adapted);
            kernel = adapted ?? kernel;
        }
        return Member(property, type, MemberKind.Layer, kernel.Inputs.Select(p => p.Port), Values(property.Name, kernel), kernel, slot, null, null);
    }

    private string? ParseSlot(IPropertySymbol property, INamedTypeSymbol layer, AttributeData attribute, out KernelModel? kernel)
    {
        kernel = null;
        Location at = attribute.Place(property);
        if (layer.OriginalDefinition.Find(KnownTypes.OffersSlot)?.ConstructorArguments[0].Value is not INamedTypeSymbol offered)
        {
            report(Diagnostic.Create(Descriptors.NoSlot, at, property.Name, $"{names.Of(layer)} offers no slot"));
            return null;
        }
        if (MethodParameter() is not { } method)
        {
            report(Diagnostic.Create(Descriptors.NoMethodParameter, at, property.Name, part.Name));
            return null;
        }
        if (offered.OriginalDefinition.Arity != layer.TypeArguments.Length + 1)
        {
            string slotName = offered.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            report(Diagnostic.Create(
                Descriptors.NotAMember, at, property.Name, names.Of(layer), $"its slot {slotName} must take the method and the layer's type arguments"));
            return null;
        }
        INamedTypeSymbol slot = offered.OriginalDefinition.Construct([method, .. layer.TypeArguments]);
        kernel = _kernels.ParseSlot(slot, layer, out string? reason);
        if (kernel is null)
            report(Diagnostic.Create(Descriptors.NotAMember, at, property.Name, names.Of(slot), reason));
        return names.Of(slot);
    }

    private ITypeParameterSymbol? MethodParameter() =>
        part.TypeParameters.FirstOrDefault(p =>
        p.ConstraintTypes.Any(c => c.Is(KnownTypes.Peft) || c.AllInterfaces.Any(i => i.Is(KnownTypes.Peft))));

    private MemberModel? ParsePart(IPropertySymbol property, INamedTypeSymbol type)
    {
        if (Inside(property, type) is not var (input, output))
            return null;
        string? slot = null;
        KernelModel? kernel = null;
        BranchSlotModel? behind = null;
        if (property.Find(KnownTypes.Slot) is { } attribute)
            slot = ParseSlotBehind(property, type, attribute, output, out kernel, out behind);
        var value = new ValueModel(property.Name, kernel?.Results.First().Name ?? "", output);
        return Member(property, type, MemberKind.Part, [input], [value], kernel, slot, behind, null);
    }

    /// <summary>The slot behind a part, which the attribute that marks the part offers.</summary>
    private string? ParseSlotBehind(
        IPropertySymbol property, INamedTypeSymbol type, AttributeData attribute, PortModel output, out KernelModel? kernel, out BranchSlotModel? behind)
    {
        kernel = null;
        behind = Behind(attribute);
        Location at = attribute.Place(property);
        INamedTypeSymbol? offered = type.GetAttributes()
            .Select(a => a.AttributeClass?.Find(KnownTypes.OffersSlot)?.ConstructorArguments[0].Value as INamedTypeSymbol)
            .FirstOrDefault(o => o is not null);
        string? why = offered is null ? "is a part; put [Slot] on the layers inside it"
            : behind is null ? "is a branch, whose slot needs a name in files, as in [Slot(\"output_adapters\")]; or put it on the layers inside"
            : behind.To is null && !property.Has(KnownTypes.Residual) ? "is added to nothing; make it [Residual], or say what it is added to with To"
            : null;
        if (why is not null)
        {
            report(Diagnostic.Create(Descriptors.NoSlot, at, property.Name, why));
            return null;
        }
        if (MethodParameter() is not { } method)
        {
            report(Diagnostic.Create(Descriptors.NoMethodParameter, at, property.Name, part.Name));
            return null;
        }
        INamedTypeSymbol slot = offered!.OriginalDefinition;
        kernel = _kernels.ParseSlot(slot, type, out string? reason);
        if (kernel is null)
            report(Diagnostic.Create(Descriptors.NotAMember, at, property.Name, names.Of(slot), reason));
        names.Of(slot);
        return $"{slot.Name}<{TypeNames.Bare(method)}, {output.Width}>";
    }

    private static BranchSlotModel? Behind(AttributeData slot)
    {
        string? Named(string name) => slot.NamedArguments.FirstOrDefault(a => a.Key == name).Value.Value as string;
        return slot.ConstructorArguments.FirstOrDefault().Value is string name ? new BranchSlotModel(name, Named("To"), Named("Norm")) : null;
    }

    private MemberModel? ParseStack(IPropertySymbol property, INamedTypeSymbol type)
    {
        RefuseSlot(property, "is a LayerStack; put [Slot] on the layers inside its blocks");
        if (type.TypeArguments[0] is not INamedTypeSymbol block || !block.IsPart())
        {
            report(Diagnostic.Create(
                Descriptors.NotAMember, property.Locations[0], property.Name, names.Of(type), "a LayerStack repeats a [Block]"));
            return null;
        }
        return Inside(property, block) is var (input, output)
            ? Member(property, type, MemberKind.Stack, [input], [new ValueModel(property.Name, "", output)], null, null, null, names.Of(block))
            : null;
    }

    /// <summary>What a part inside this one is given and gives, or null where that can't be told.</summary>
    private (PortModel Input, PortModel Output)? Inside(IPropertySymbol property, INamedTypeSymbol inner)
    {
        if (PartPorts.Contains(inner, part))
        {
            report(Diagnostic.Create(Descriptors.ContainsItself, property.Locations[0], property.Name, part.Name));
            return null;
        }
        if (PartPorts.Of(inner, _kernels) is ({ } input, { } output))
            return (input, output);
        // A part that is declared here says itself what is wrong with it.
        if (inner.DeclaringSyntaxReferences.IsEmpty)
        {
            report(Diagnostic.Create(
                Descriptors.NotAMember, property.Locations[0], property.Name, names.Of(inner), "the assembly it comes from does not offer its code"));
        }
        return null;
    }

    private void RefuseSlot(IPropertySymbol property, string why)
    {
        if (property.Find(KnownTypes.Slot) is { } attribute)
            report(Diagnostic.Create(Descriptors.NoSlot, attribute.Place(property), property.Name, why));
    }

    private MemberModel Member(
        IPropertySymbol property, INamedTypeSymbol type, MemberKind kind, IEnumerable<PortModel> inputs, IEnumerable<ValueModel> values,
        KernelModel? kernel, string? slot, BranchSlotModel? behind, string? element)
    {
        if (property.Find(KnownTypes.Ist) is { } ist && kind != MemberKind.Stack)
            report(Diagnostic.Create(Descriptors.IstOnNoStack, ist.Place(property), property.Name, names.Of(type), "Ist", "chooses among"));
        if (property.Find(KnownTypes.Checkpointed) is { } checkpointed && kind != MemberKind.Stack)
            report(Diagnostic.Create(Descriptors.IstOnNoStack, checkpointed.Place(property), property.Name, names.Of(type), "Checkpointed", "runs again"));
        bool takesScope = type.InstanceConstructors.Any(c =>
            c.DeclaredAccessibility == Accessibility.Public && c.Parameters.Length == 1 && c.Parameters[0].Type.Is(KnownTypes.Scope));
        return new MemberModel(
            property.Name,
            names.Of(type),
            kind,
            Access.Declared(property, cancellation),
            takesScope,
            Argument(property, KnownTypes.Weight),
            Argument(property, KnownTypes.TiedTo),
            property.Has(KnownTypes.Residual),
            property.Has(KnownTypes.Ist),
            property.Has(KnownTypes.Checkpointed),
            property.Has(KnownTypes.Tiled),
            Sources(property),
            inputs.ToEquatable(),
            values.ToEquatable(),
            BySequence: false,
            kernel,
            slot,
            behind,
            element);
    }

    private static IEnumerable<ValueModel> Values(string member, KernelModel kernel)
    {
        ParameterModel[] results = [.. kernel.Results];
        return results.Select(r => new ValueModel(
            results.Length == 1 ? member : $"{member}.{Wires.Pascal(r.Name)}", r.Name, r.Port, r.PerSequence));
    }

    private static string? Argument(IPropertySymbol property, string attribute) =>
        property.Find(attribute)?.ConstructorArguments.FirstOrDefault().Value as string;

    private static EquatableArray<string> Sources(IPropertySymbol property)
    {
        if (property.Find(KnownTypes.From) is not { ConstructorArguments: [{ Kind: TypedConstantKind.Array, IsNull: false } list] })
            return default;
        return list.Values.Select(v => v.Value as string ?? "").ToEquatable();
    }
}
