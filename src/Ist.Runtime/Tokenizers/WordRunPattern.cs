using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>Runs of word characters, and runs of what is neither word nor white space: <c>\w+|[^\w\s]+</c>.</summary>
internal sealed class WordRunPattern : Pattern
{
    /// <inheritdoc/>
    public override void FindMatches(string text, List<(int Start, int End)> matches)
    {
        int at = 0;
        bool inRun = false, inWord = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int end = at + rune.Utf16SequenceLength;
            bool isWord = UnicodeClass.IsWord(rune);
            bool isSpace = Rune.IsWhiteSpace(rune);
            if (!isSpace && inRun && inWord == isWord)
                matches[^1] = (matches[^1].Start, end);
            else if (!isSpace)
                matches.Add((at, end));
            inRun = !isSpace;
            inWord = isWord;
            at = end;
        }
    }
}
