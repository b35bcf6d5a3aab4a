using System.Composition;
using Ist.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>IST019: moves a part out of the class around it, to a place behind that class.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class MovePartFix() : TextFixProvider(Descriptors.NestedPart.Id)
{
    /// <inheritdoc/>
    protected override IEnumerable<Fix> Fixes(SyntaxNode node, SemanticModel model, Diagnostic diagnostic)
    {
        if (node is not ClassDeclarationSyntax part)
            yield break;
        TypeDeclarationSyntax[] around = [.. part.Ancestors().OfType<TypeDeclarationSyntax>()];
        // A part in a generic class may use its type parameters.
        if (around.Length == 0 || around.Any(t => t.TypeParameterList is not null))
            yield break;
        SourceText text = part.SyntaxTree.GetText();
        string indent = Indent(text, part.SpanStart);
        string outer = Indent(text, around[around.Length - 1].SpanStart);
        string moved = Visible(part).ToString().Replace("\n" + indent, "\n" + outer);
        string newLine = text.ToString().Contains("\r\n") ? "\r\n" : "\n";
        yield return new Fix(
            $"Move '{part.Identifier.ValueText}' out of '{around[0].Identifier.ValueText}'",
            new TextChange(TextSpan.FromBounds(part.FullSpan.Start, part.FullSpan.End), ""),
            new TextChange(new TextSpan(around[around.Length - 1].Span.End, 0), $"{newLine}{newLine}{outer}{Comments(part, indent, outer)}{moved}"));
    }

    private static string Indent(SourceText text, int at)
    {
        TextLine line = text.Lines.GetLineFromPosition(at);
        string before = text.ToString(TextSpan.FromBounds(line.Start, at));
        return before.Trim().Length == 0 ? before : "";
    }

    private static string Comments(ClassDeclarationSyntax part, string indent, string outer)
    {
        string trivia = part.GetLeadingTrivia().ToFullString().Trim();
        return trivia.Length == 0 ? "" : trivia.Replace("\n" + indent, "\n" + outer) + "\n" + outer;
    }

    /// <summary>A class in a namespace is public or internal.</summary>
    private static ClassDeclarationSyntax Visible(ClassDeclarationSyntax part)
    {
        SyntaxToken[] narrow = [.. part.Modifiers.Where(m => m.Kind() is SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword)];
        if (narrow.Length == 0)
            return part;
        SyntaxToken inside = SyntaxFactory.Token(narrow[0].LeadingTrivia, SyntaxKind.InternalKeyword, narrow[0].TrailingTrivia);
        bool isInternal = part.Modifiers.Any(SyntaxKind.InternalKeyword);
        IEnumerable<SyntaxToken> modifiers = part.Modifiers
            .Where(m => m == narrow[0] || !narrow.Contains(m))
            .Where(m => m != narrow[0] || !isInternal)
            .Select(m => m == narrow[0] ? inside : m);
        return part.WithModifiers(SyntaxFactory.TokenList(modifiers));
    }
}
