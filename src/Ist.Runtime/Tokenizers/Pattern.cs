using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>What to look for in a text.</summary>
internal abstract class Pattern
{
    /// <summary>Appends the matches in order, without overlaps: the first character's index and the one after the last.</summary>
    public abstract void FindMatches(string text, List<(int Start, int End)> matches);

    /// <summary>The text with each match replaced by a string, taken literally.</summary>
    public string Replace(string text, string content)
    {
        var matches = new List<(int Start, int End)>();
        FindMatches(text, matches);
        if (matches.Count == 0)
            return text;
        var result = new StringBuilder(text.Length);
        int done = 0;
        foreach ((int start, int end) in matches)
        {
            result.Append(text, done, start - done).Append(content);
            done = end;
        }
        return result.Append(text, done, text.Length - done).ToString();
    }
}
