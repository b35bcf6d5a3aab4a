using System.Composition;
using Ist.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>IST007: takes away a member that nothing reads.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class RemoveMemberFix() : TextFixProvider(Descriptors.NeverRead.Id)
{
    /// <inheritdoc/>
    protected override IEnumerable<Fix> Fixes(SyntaxNode node, SemanticModel model, Diagnostic diagnostic)
    {
        // Of a layer with several results another may be read.
        if (diagnostic.Properties.ContainsKey(FixHints.Unread) && node.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is { } property)
            yield return new Fix($"Remove '{property.Identifier.ValueText}'", new TextChange(property.FullSpan, ""));
    }
}
