using System.Collections.Immutable;
using Ist.Generators.Diagnostics;
using Ist.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ist.Generators.Parsing;

/// <summary>Reads a part from its class symbol and finds what is wrong with it.</summary>
internal static class PartParser
{
    public static ParsedPart Parse(INamedTypeSymbol part, PartRole role, CancellationToken cancellation)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var names = new TypeNames();
        var parser = new MemberParser(names, part, diagnostics.Add, cancellation);
        var members = new List<MemberModel>();
        var places = new Dictionary<string, IPropertySymbol>();
        bool complete = true;

        CheckDeclaration(part, role, diagnostics.Add);
        foreach (IPropertySymbol property in PartPorts.Members(part))
        {
            cancellation.ThrowIfCancellationRequested();
            if (parser.Parse(property) is { } member)
            {
                members.Add(member);
                places[member.Name] = property;
            }
            else
            {
                complete = false;
            }
        }
        if (members.Count == 0 && complete)
            diagnostics.Add(Diagnostic.Create(Descriptors.NoMembers, part.Locations[0], part.Name));

        // A member that could not be read leaves a hole in the wiring; what hangs on it would only repeat the fault.
        if (complete && members.Count > 0)
        {
            var wiring = new WiringParser(places, diagnostics.Add);
            members = wiring.Resolve(members);
            new PartChecks(part, role, places, diagnostics.Add).Check(members);
        }

        (PortModel? input, PortModel? output) = (members.FirstOrDefault()?.Inputs.FirstOrDefault(), members.LastOrDefault()?.Output);
        var model = new PartModel(
            part.ContainingNamespace is { IsGlobalNamespace: false } ns ? ns.ToDisplayString() : "",
            TypeNames.Bare(part),
            part.TypeParameters.Select(TypeNames.Bare).ToEquatable(),
            role,
            Access.Exposure(part),
            HintPrefix(part),
            input ?? PortModel.Unknown,
            output ?? PortModel.Unknown,
            complete ? members.ToEquatable() : Stubs(part, names, cancellation),
            names.Namespaces,
            part.ContainingType is null && role == RoleOf(part) ? SlotsParser.Parse(part, role) : null,
            TakesCode: IsPartial(part) && part.ContainingType is null && role == RoleOf(part),
            Faulty: !complete || members.Count == 0 || diagnostics.Count > 0);
        return new ParsedPart(model, diagnostics.ToImmutable());
    }

    /// <summary>What a class is marked as; null for one that is no part. The first one of several, which is an error.</summary>
    public static PartRole? RoleOf(INamedTypeSymbol type) =>
        type.Has(KnownTypes.Branch) ? PartRole.Branch
        : type.Has(KnownTypes.Block) ? PartRole.Block
        : type.Has(KnownTypes.CausalLm) ? PartRole.CausalLm
        : type.Has(KnownTypes.SequenceClassifier) ? PartRole.SequenceClassifier
        : null;

    private static void CheckDeclaration(INamedTypeSymbol part, PartRole role, Action<Diagnostic> report)
    {
        if (part.IsRecord)
            report(NotSealedPartial(part, "sealed partial class"));
        else if (!part.IsSealed || !IsPartial(part))
            report(NotSealedPartial(part, "sealed partial"));
        if (part.ContainingType is { } outer)
            report(Diagnostic.Create(Descriptors.NestedPart, part.Locations[0], part.Name, outer.Name));
        foreach (string other in new[] { KnownTypes.Block, KnownTypes.CausalLm, KnownTypes.SequenceClassifier })
        {
            if (part.Find(other) is { } mark && mark.AttributeClass!.Name != role + "Attribute")
                report(Diagnostic.Create(Descriptors.TwoRoles, mark.Place(part), part.Name, role));
        }
        foreach (IPropertySymbol property in part.GetMembers().OfType<IPropertySymbol>())
        {
            bool declared = !property.IsPartialDefinition && !property.IsImplicitlyDeclared
                && (property.HasMemberAttribute() || PartPorts.CanBeMember(property.Type));
            if (declared)
                report(NotSealedPartial(property, "partial"));
        }
    }

    private static Diagnostic NotSealedPartial(ISymbol symbol, string modifiers) => Diagnostic.Create(
        Descriptors.NotSealedPartial, symbol.Locations[0], FixHints.Of(FixHints.Modifiers, modifiers), symbol.Name, modifiers);

    private static bool IsPartial(INamedTypeSymbol part) => part.DeclaringSyntaxReferences.Any(r =>
        r.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>The whole name of a part, with the number of its type parameters where another part is told from it by that alone.</summary>
    private static string HintPrefix(INamedTypeSymbol part)
    {
        string name = part.ContainingNamespace is { IsGlobalNamespace: false } ns
            ? $"{ns.ToDisplayString().Replace("@", "")}.{part.Name}"
            : part.Name;
        bool isAlone = part.ContainingNamespace.GetTypeMembers(part.Name).Count(t => t.IsPart()) == 1;
        return isAlone ? name : $"{name}-{part.Arity}";
    }

    /// <summary>What a part with unreadable members still needs: an implementation of every partial property.</summary>
    private static EquatableArray<MemberModel> Stubs(INamedTypeSymbol part, TypeNames names, CancellationToken cancellation) =>
        PartPorts.Members(part).Select(p => new MemberModel(
            p.Name, names.Of(p.Type), MemberKind.Layer, Access.Declared(p, cancellation), false, null, null, false, false, false, false,
            default, default, default, false, null, null, null, null)).ToEquatable();
}
