using System.Composition;
using Ist.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>IST002, IST003, IST004, IST025: makes a member read what the analyzer found to fit.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
internal sealed class SetSourcesFix() : TextFixProvider(
    Descriptors.UnknownSource.Id, Descriptors.WidthMismatch.Id, Descriptors.InputCount.Id, Descriptors.SeveralValues.Id)
{
    /// <inheritdoc/>
    protected override IEnumerable<Fix> Fixes(SyntaxNode node, SemanticModel model, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(FixHints.Sources, out string? list) || list is null
            || node.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is not { } property)
        {
            yield break;
        }
        string[] names = list.Split(',');
        AttributeSyntax? from = Attributes.Find(property, "From");
        TextChange change = from is null
            ? Attributes.Add(property, $"From({string.Join(", ", names.Select(Expression))})")
            : new TextChange(from.Span, $"{from.Name}({string.Join(", ", Merged(names, from))})");
        yield return new Fix($"Read {string.Join(" and ", names.Select(n => $"'{n}'"))}", change);
    }

    /// <summary>The arguments, those that were right as they were written.</summary>
    private static IEnumerable<string> Merged(string[] names, AttributeSyntax from)
    {
        SeparatedSyntaxList<AttributeArgumentSyntax> old = from.ArgumentList?.Arguments ?? default;
        return names.Select((name, i) => old.Count == names.Length && Attributes.Value(old[i]) == name ? old[i].ToString() : Expression(name));
    }

    private static string Expression(string name) =>
        name == "Input" ? "Part.Input" : name.Contains('.') ? $"\"{name}\"" : $"nameof({name})";
}
