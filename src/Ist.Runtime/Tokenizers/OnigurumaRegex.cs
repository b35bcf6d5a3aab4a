using System.Text;
using System.Text.RegularExpressions;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Compiles the regular expressions of <c>tokenizer.json</c>, which Hugging Face matches with Oniguruma, for .NET's engine:
/// possessive quantifiers become atomic groups and <c>\w</c> takes in all marks. What would match differently is refused.
/// </summary>
internal static class OnigurumaRegex
{
    private const string WordClass = @"\p{L}\p{M}\p{Nd}\p{Pc}";

    /// <summary>Compiles a pattern.</summary>
    /// <param name="node">The node whose key holds it, for error messages.</param>
    /// <param name="key">The key.</param>
    /// <param name="pattern">The pattern.</param>
    /// <exception cref="InputException">.NET can't express it, or it isn't a regular expression.</exception>
    public static Regex Compile(JsonConfig node, string key, string pattern)
    {
        try
        {
            return Compile(pattern);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw node.Fault(key, $"holds the regular expression {OneLine.Quote(pattern)}, which isn't supported: {OneLine.Escape(e.Message)}");
        }
    }

    /// <summary>Compiles a pattern that is known to be supported.</summary>
    public static Regex Compile(string pattern) => new(Translate(pattern), RegexOptions.Compiled | RegexOptions.CultureInvariant);

    /// <summary>The pattern in .NET's syntax.</summary>
    /// <exception cref="NotSupportedException">It holds a construct with another meaning, or none, in .NET.</exception>
    internal static string Translate(string pattern)
    {
        if (pattern.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            throw new NotSupportedException("it names characters beyond U+FFFF");
        var result = new StringBuilder(pattern.Length);
        var groups = new Stack<int>();
        int atom = 0;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            switch (c)
            {
                case '\\':
                    atom = result.Length;
                    i = CopyEscape(pattern, i, result);
                    break;
                case '[':
                    atom = result.Length;
                    i = CopyClass(pattern, i, result);
                    break;
                case '(':
                    groups.Push(result.Length);
                    result.Append(c);
                    // The mark after "(?" is no quantifier.
                    if (i + 1 < pattern.Length && pattern[i + 1] == '?')
                        result.Append(pattern[++i]);
                    break;
                case ')':
                    atom = groups.Count > 0 ? groups.Pop() : throw new NotSupportedException("a parenthesis closes that wasn't opened");
                    result.Append(c);
                    break;
                case '?' or '*' or '+':
                    result.Append(c);
                    if (i + 1 < pattern.Length && pattern[i + 1] == '+')
                    {
                        result.Insert(atom, "(?>").Append(')');
                        i++;
                    }
                    break;
                default:
                    // {n,m} quantifies the atom before it and is none itself.
                    if (!InBraces(pattern, i))
                        atom = result.Length;
                    result.Append(c);
                    break;
            }
        }
        return result.ToString();
    }

    private static bool InBraces(string pattern, int index)
    {
        int open = pattern.LastIndexOf('{', index);
        return open >= 0 && pattern.IndexOf('}', open) is int close && close >= index
            && pattern.AsSpan(open + 1, close - open - 1).IndexOfAnyExcept("0123456789,") < 0;
    }

    private static int CopyEscape(string pattern, int start, StringBuilder result)
    {
        if (start + 1 == pattern.Length)
            throw new NotSupportedException("it ends in a backslash");
        char c = pattern[start + 1];
        switch (c)
        {
            case 'w':
                result.Append('[').Append(WordClass).Append(']');
                return start + 1;
            case 'W':
                result.Append("[^").Append(WordClass).Append(']');
                return start + 1;
            case 'p' or 'P':
                return CopyProperty(pattern, start, result);
            case 'h' or 'H' or 'R' or 'X' or 'K' or 'N' or 'O' or 'y' or 'Y' or 'g' or 'k' or 'Z' or 'e':
                throw new NotSupportedException($"\\{c} means something else in .NET or nothing");
            default:
                result.Append('\\').Append(c);
                return start + 1;
        }
    }

    private static int CopyProperty(string pattern, int start, StringBuilder result)
    {
        int close = pattern.IndexOf('}', start);
        if (close < 0 || pattern[start + 2] != '{')
            throw new NotSupportedException($"\\{pattern[start + 1]} without a name in braces");
        result.Append(pattern, start, close - start + 1);
        return close;
    }

    private static int CopyClass(string pattern, int start, StringBuilder result)
    {
        result.Append('[');
        int i = start + 1;
        if (i < pattern.Length && pattern[i] == '^')
        {
            result.Append('^');
            i++;
        }
        for (; i < pattern.Length && pattern[i] != ']'; i++)
        {
            char c = pattern[i];
            if (c == '[' || (c == '&' && i + 1 < pattern.Length && pattern[i + 1] == '&'))
                throw new NotSupportedException("a class within a class, or an intersection of classes");
            if (c != '\\')
            {
                result.Append(c);
                continue;
            }
            if (i + 1 < pattern.Length && pattern[i + 1] == 'w')
            {
                result.Append(WordClass);
                i++;
                continue;
            }
            if (i + 1 < pattern.Length && pattern[i + 1] == 'W')
                throw new NotSupportedException("\\W within a class");
            i = CopyEscape(pattern, i, result);
        }
        if (i == pattern.Length)
            throw new NotSupportedException("a class isn't closed");
        result.Append(']');
        return i;
    }
}
