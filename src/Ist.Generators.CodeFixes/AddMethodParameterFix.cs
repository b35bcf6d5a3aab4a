using System.Composition;
using Ist.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>IST017: gives a part with slots the type parameter for the PEFT method, <c>P where P : IPeft&lt;P&gt;</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class AddMethodParameterFix() : TextFixProvider(Descriptors.NoMethodParameter.Id)
{
    private const string Method = "P", Interface = "IPeft", Namespace = "Ist.Runtime.Peft";

    /// <inheritdoc/>
    protected override IEnumerable<Fix> Fixes(SyntaxNode node, SemanticModel model, Diagnostic diagnostic)
    {
        if (node.FirstAncestorOrSelf<ClassDeclarationSyntax>() is not { } part || part.ConstraintClauses.Any(c => c.Name.Identifier.ValueText == Method))
            yield break;
        var changes = new List<TextChange>();
        SeparatedSyntaxList<TypeParameterSyntax> parameters = part.TypeParameterList?.Parameters ?? default;
        if (parameters.Count == 0)
            changes.Add(Insert(part.Identifier.Span.End, $"<{Method}>"));
        else if (parameters.All(p => p.Identifier.ValueText != Method))
            changes.Add(Insert(parameters.Last().Span.End, $", {Method}"));
        changes.Add(Insert(HeadEnd(part), $" where {Method} : {Interface}<{Method}>"));
        if (!model.LookupNamespacesAndTypes(part.Identifier.SpanStart, name: Interface).Any() && AddUsing(part) is { } addUsing)
            changes.Add(addUsing);
        yield return new Fix($"Declare '{part.Identifier.ValueText}<{Method}> where {Method} : {Interface}<{Method}>'", [.. changes]);
    }

    /// <summary>Where a further constraint begins: after the others, the base types, the parameters.</summary>
    private static int HeadEnd(ClassDeclarationSyntax part) =>
        part.ConstraintClauses.LastOrDefault()?.Span.End
        ?? part.BaseList?.Span.End
        ?? part.ParameterList?.Span.End
        ?? part.TypeParameterList?.Span.End
        ?? part.Identifier.Span.End;

    private static TextChange? AddUsing(ClassDeclarationSyntax part) => part.FirstAncestorOrSelf<CompilationUnitSyntax>() is not { } file ? null
        : file.Usings.LastOrDefault() is { } last ? Insert(last.Span.End, $"\nusing {Namespace};")
        : Insert(file.GetFirstToken().SpanStart, $"using {Namespace};\n\n");

    private static TextChange Insert(int at, string text) => new(new TextSpan(at, 0), text);
}
