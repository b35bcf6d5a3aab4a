using System.Collections.Immutable;
using System.Composition;
using Ist.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>IST008: moves a member to the end of the file in which the part's first member stands.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class MoveMemberFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Descriptors.TwoFiles.Id];

    // Two members that move to one place in one go would have no order.
    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        Diagnostic diagnostic = context.Diagnostics[0];
        Location? first = diagnostic.AdditionalLocations.FirstOrDefault();
        if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<PropertyDeclarationSyntax>() is not { } member
            || context.Document.Project.Solution.GetDocument(first?.SourceTree) is not { } target)
        {
            return;
        }
        string title = $"Move '{member.Identifier.ValueText}' to {target.Name}";
        context.RegisterCodeFix(CodeAction.Create(title, c => Move(context.Document, member, target, first!, c), nameof(MoveMemberFix)), diagnostic);
    }

    private static async Task<Solution> Move(
        Document document, PropertyDeclarationSyntax member, Document target, Location first, CancellationToken cancellation)
    {
        SourceText from = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        SourceText to = await target.GetTextAsync(cancellation).ConfigureAwait(false);
        SyntaxNode? root = await target.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        var part = root!.FindNode(first.SourceSpan).FirstAncestorOrSelf<TypeDeclarationSyntax>()!;
        int end = part.Members.Last().FullSpan.End;
        string moved = from.ToString(member.FullSpan);
        return document.Project.Solution
            .WithDocumentText(document.Id, from.WithChanges(new TextChange(member.FullSpan, "")))
            .WithDocumentText(target.Id, to.WithChanges(new TextChange(new TextSpan(end, 0), moved.EndsWith("\n", StringComparison.Ordinal) ? moved : moved + "\n")));
    }
}
