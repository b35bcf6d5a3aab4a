namespace Ist.Runtime.Tokenizers;

/// <summary>A string. The empty one is found nowhere.</summary>
internal sealed class LiteralPattern(string literal) : Pattern
{
    /// <inheritdoc/>
    public override void FindMatches(string text, List<(int Start, int End)> matches)
    {
        if (literal.Length == 0)
            return;
        for (int at = text.IndexOf(literal, StringComparison.Ordinal); at >= 0; at = text.IndexOf(literal, at + literal.Length, StringComparison.Ordinal))
            matches.Add((at, at + literal.Length));
    }
}
