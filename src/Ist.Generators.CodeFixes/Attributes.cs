using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators.CodeFixes;

/// <summary>Reads and changes attributes as text.</summary>
internal static class Attributes
{
    /// <summary>The attribute of a member by its name without the suffix, or null.</summary>
    public static AttributeSyntax? Find(MemberDeclarationSyntax member, string name) => member.AttributeLists
        .SelectMany(list => list.Attributes)
        .FirstOrDefault(a => Name(a) == name);

    /// <summary>An attribute's name without its namespace and suffix.</summary>
    public static string Name(AttributeSyntax attribute)
    {
        string name = attribute.Name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.ValueText : attribute.Name.ToString();
        const string suffix = "Attribute";
        return name.EndsWith(suffix, StringComparison.Ordinal) ? name.Substring(0, name.Length - suffix.Length) : name;
    }

    /// <summary>The name that an argument stands for: a string, <c>nameof</c> or <c>Part.Input</c>; null for anything else.</summary>
    public static string? Value(AttributeArgumentSyntax argument) => argument.Expression switch
    {
        LiteralExpressionSyntax literal => literal.Token.ValueText,
        InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var named }] } call when call.Expression.ToString() == "nameof" => Last(named),
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };

    /// <summary>Adds an attribute to a member: to its last list, or in a list of its own.</summary>
    public static TextChange Add(MemberDeclarationSyntax member, string attribute) => member.AttributeLists.LastOrDefault() is { } list
        ? new TextChange(new TextSpan(list.CloseBracketToken.SpanStart, 0), ", " + attribute)
        : new TextChange(new TextSpan(member.SpanStart, 0), $"[{attribute}] ");

    /// <summary>Takes an attribute away, and its list with it where nothing else stands there.</summary>
    public static TextChange Remove(AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        int at = list.Attributes.IndexOf(attribute);
        TextSpan span = list.Attributes.Count == 1 ? TextSpan.FromBounds(list.SpanStart, list.GetLastToken().GetNextToken().SpanStart)
            : at == 0 ? TextSpan.FromBounds(attribute.SpanStart, list.Attributes[1].SpanStart)
            : TextSpan.FromBounds(list.Attributes.GetSeparator(at - 1).SpanStart, attribute.Span.End);
        return new TextChange(span, "");
    }

    private static string? Last(ExpressionSyntax named) => named switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
