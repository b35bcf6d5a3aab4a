using System.Composition;
using Ist.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>IST015: ties a member to the one whose name was probably meant.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class TieToNearestFix() : TextFixProvider(Descriptors.UnknownTie.Id)
{
    /// <inheritdoc/>
    protected override IEnumerable<Fix> Fixes(SyntaxNode node, SemanticModel model, Diagnostic diagnostic)
    {
        if (diagnostic.Properties.TryGetValue(FixHints.Nearest, out string? nearest) && nearest is not null
            && node.FirstAncestorOrSelf<AttributeSyntax>() is { ArgumentList.Arguments: [var argument] })
        {
            yield return new Fix($"Tie it to '{nearest}'", new TextChange(argument.Span, $"nameof({nearest})"));
        }
    }
}
