using System.Text.RegularExpressions;

namespace Ist.Runtime.Tokenizers;

/// <summary>A regular expression, matched on code points as Oniguruma does, not on UTF-16.</summary>
internal sealed class RegexPattern(Regex regex) : Pattern
{
    /// <inheritdoc/>
    public override void FindMatches(string text, List<(int Start, int End)> matches)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            foreach (ValueMatch match in regex.EnumerateMatches(text))
                matches.Add((match.Index, match.Index + match.Length));
            return;
        }
        var shadow = new BasicPlaneShadow(text);
        foreach (ValueMatch match in regex.EnumerateMatches(shadow.Text))
            matches.Add((shadow.IndexInSource(match.Index), shadow.IndexInSource(match.Index + match.Length)));
    }
}
