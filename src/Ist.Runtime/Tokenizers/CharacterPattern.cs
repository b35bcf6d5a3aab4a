using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>Each single character of a class.</summary>
internal sealed class CharacterPattern(Func<Rune, bool> isMember) : Pattern
{
    /// <inheritdoc/>
    public override void FindMatches(string text, List<(int Start, int End)> matches)
    {
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int end = at + rune.Utf16SequenceLength;
            if (isMember(rune))
                matches.Add((at, end));
            at = end;
        }
    }
}
