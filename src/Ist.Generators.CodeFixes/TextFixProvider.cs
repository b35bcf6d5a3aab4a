using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>Fixes that change the text of the file in which the diagnostic stands.</summary>
internal abstract class TextFixProvider(params string[] ids) : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [.. ids];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
            return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            foreach (Fix fix in Fixes(root.FindNode(diagnostic.Location.SourceSpan), model, diagnostic))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(fix.Title, cancellation => Apply(context.Document, fix, cancellation), $"{GetType().Name}: {fix.Title}"), diagnostic);
            }
        }
    }

    /// <summary>The ways to mend what a diagnostic found, most often one or none.</summary>
    /// <param name="node">What stands at the diagnostic's place.</param>
    /// <param name="model">The meaning of the file.</param>
    /// <param name="diagnostic">What was found.</param>
    protected abstract IEnumerable<Fix> Fixes(SyntaxNode node, SemanticModel model, Diagnostic diagnostic);

    private static async Task<Document> Apply(Document document, Fix fix, CancellationToken cancellation)
    {
        SourceText text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        return document.WithText(text.WithChanges(fix.Changes));
    }
}
