using System.Composition;
using Ist.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ist.Generators.CodeFixes;

/// <summary>IST005, IST006, IST011, IST017, IST020, IST022, IST027: takes away an attribute that can't stand where it does.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class RemoveAttributeFix() : TextFixProvider(
    Descriptors.ResidualWidth.Id, Descriptors.NoSlot.Id, Descriptors.IstOnNoStack.Id, Descriptors.NoMethodParameter.Id, Descriptors.TwoRoles.Id, Descriptors.WithoutEffect.Id,
    Descriptors.NoTiles.Id)
{
    /// <inheritdoc/>
    protected override IEnumerable<Fix> Fixes(SyntaxNode node, SemanticModel model, Diagnostic diagnostic)
    {
        if (node.FirstAncestorOrSelf<AttributeSyntax>() is { } attribute)
            yield return new Fix($"Remove [{Attributes.Name(attribute)}]", Attributes.Remove(attribute));
    }
}
