using System.Composition;
using Ist.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>IST001: gives a part or a member the modifiers that it needs.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class MakeSealedPartialFix() : TextFixProvider(Descriptors.NotSealedPartial.Id)
{
    /// <inheritdoc/>
    protected override IEnumerable<Fix> Fixes(SyntaxNode node, SemanticModel model, Diagnostic diagnostic)
    {
        TextChange[]? changes = node switch
        {
            TypeDeclarationSyntax type => OfType(type),
            PropertyDeclarationSyntax property => OfProperty(property),
            _ => null,
        };
        if (changes is not null)
            yield return new Fix($"Make it '{diagnostic.Properties[FixHints.Modifiers]}'", changes);
    }

    private static TextChange[]? OfType(TypeDeclarationSyntax type)
    {
        if (type.Modifiers.Any(SyntaxKind.AbstractKeyword) || type.Modifiers.Any(SyntaxKind.StaticKeyword))
            return null;
        var changes = new List<TextChange>();
        SyntaxToken partial = type.Modifiers.FirstOrDefault(m => m.IsKind(SyntaxKind.PartialKeyword));
        bool isPartial = partial != default;
        if (!type.Modifiers.Any(SyntaxKind.SealedKeyword))
            changes.Add(Insert(isPartial ? partial : type.Keyword, isPartial ? "sealed " : "sealed partial "));
        else if (!isPartial)
            changes.Add(Insert(type.Keyword, "partial "));
        if (type is RecordDeclarationSyntax record)
        {
            // A record with parameters has a constructor, which the generated one would not call.
            if (record.ParameterList is not null)
                return null;
            SyntaxToken last = record.ClassOrStructKeyword.IsKind(SyntaxKind.None) ? record.Keyword : record.ClassOrStructKeyword;
            changes.Add(new TextChange(TextSpan.FromBounds(record.Keyword.SpanStart, last.Span.End), "class"));
        }
        return [.. changes];
    }

    private static TextChange[]? OfProperty(PropertyDeclarationSyntax property)
    {
        if (property.AccessorList is not { Accessors: [{ Body: null, ExpressionBody: null, RawKind: (int)SyntaxKind.GetAccessorDeclaration }] } accessors)
            return null;
        TextChange partial = Insert(property.Type.GetFirstToken(), "partial ");
        return property.Initializer is null ? [partial]
            : [partial, new TextChange(TextSpan.FromBounds(accessors.Span.End, property.SemicolonToken.Span.End), "")];
    }

    private static TextChange Insert(SyntaxToken before, string text) => new(new TextSpan(before.SpanStart, 0), text);
}
