using System.Collections.Immutable;
using System.Composition;
using Ist.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Rename;

namespace Ist.Generators.CodeFixes;

/// <summary>IST009, IST018: names a member after its weight in the checkpoint, where it has one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class RenameMemberFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Descriptors.NamedLikeKernel.Id, Descriptors.NameTaken.Id];

    // Each rename changes all uses of a name: one at a time.
    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        Diagnostic diagnostic = context.Diagnostics[0];
        if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<PropertyDeclarationSyntax>() is not { } property
            || Attributes.Find(property, "Weight") is not { ArgumentList.Arguments: [var argument] }
            || Attributes.Value(argument) is not { } weight
            || model.GetDeclaredSymbol(property, context.CancellationToken) is not { } member)
        {
            return;
        }
        string name = ToName(weight);
        if (!SyntaxFacts.IsValidIdentifier(name) || name == member.Name || member.ContainingType.GetMembers(name).Length > 0)
            return;
        context.RegisterCodeFix(CodeAction.Create(
            $"Rename it to '{name}', as it is called in the checkpoint",
            c => Renamer.RenameSymbolAsync(context.Document.Project.Solution, member, new SymbolRenameOptions(), name, c),
            nameof(RenameMemberFix)), diagnostic);
    }

    /// <summary>The last part of a name with dots, as C# writes names: <c>mlp.gate_proj</c> is <c>GateProj</c>.</summary>
    private static string ToName(string weight) => string.Concat(weight
        .Substring(weight.LastIndexOf('.') + 1)
        .Split(['_'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
}
