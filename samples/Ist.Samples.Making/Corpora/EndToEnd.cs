using Ist.Runtime;

namespace Ist.Samples.Making.Corpora;

/// <summary>The E2E challenge (Novikova et al., arXiv 1706.09254), a meaning and a text a line: <c>meaning||text</c>.</summary>
internal static class EndToEnd
{
    /// <summary>A line each, <c>text</c> or <c>meaning => text</c>.</summary>
    /// <exception cref="InputException">A line has no <c>||</c>.</exception>
    public static string Plain(string text, bool withMeaning) => string.Join('\n', text.Split('\n').Index()
        .Where(line => line.Item.Length > 0)
        .Select(line => Line(line.Item, line.Index + 1, withMeaning)));

    private static string Line(string line, int number, bool withMeaning)
    {
        int bar = line.IndexOf("||", StringComparison.Ordinal);
        if (bar < 0)
            throw new InputException($"--e2e: line {number}: 'meaning||text' was expected, found no '||'");
        string sentence = Punctuation.Restore(line[(bar + 2)..]);
        return withMeaning ? $"{line[..bar].Replace(" : ", ": ", StringComparison.Ordinal)} => {sentence}" : sentence;
    }
}
