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
        var parser = new MemberParser(names, part, diagnostics.Add);
        var members = new List<MemberModel>();
        var places = new Dictionary<string, IPropertySymbol>();
        bool complete = true;

        CheckDeclaration(part, diagnostics.Add);
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
            part.Name,
            part.TypeParameters.Select(p => p.Name).ToEquatable(),
            role,
            Access.Text(part.DeclaredAccessibility),
            input ?? PortModel.Unknown,
            output ?? PortModel.Unknown,
            complete ? members.ToEquatable() : Stubs(part, names),
            names.Namespaces,
            IsPartial(part),
            Faulty: !complete || members.Count == 0 || diagnostics.Count > 0);
        return new ParsedPart(model, diagnostics.ToImmutable());
    }

    private static void CheckDeclaration(INamedTypeSymbol part, Action<Diagnostic> report)
    {
        if (!part.IsSealed || !IsPartial(part))
            report(Diagnostic.Create(Descriptors.NotSealedPartial, part.Locations[0], part.Name, "sealed partial"));
        foreach (IPropertySymbol property in part.GetMembers().OfType<IPropertySymbol>())
        {
            bool declared = !property.IsPartialDefinition && !property.IsImplicitlyDeclared
                && (property.HasMemberAttribute() || PartPorts.CanBeMember(property.Type));
            if (declared)
                report(Diagnostic.Create(Descriptors.NotSealedPartial, property.Locations[0], property.Name, "partial"));
        }
    }

    private static bool IsPartial(INamedTypeSymbol part) => part.DeclaringSyntaxReferences.Any(r =>
        r.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>What a part with unreadable members still needs: an implementation of every partial property.</summary>
    private static EquatableArray<MemberModel> Stubs(INamedTypeSymbol part, TypeNames names) =>
        PartPorts.Members(part).Select(p => new MemberModel(
            p.Name, names.Of(p.Type), MemberKind.Layer, Access.Text(p.DeclaredAccessibility), false, null, null, false, false,
            default, default, PortModel.Unknown, null, null, null)).ToEquatable();
}
