namespace Ist.Samples.Making.Corpora;

/// <summary>WikiText (Merity et al., arXiv 1609.07843): paragraphs a line, headings between equals signs, rare words as &lt;unk&gt;.</summary>
internal static class WikiText
{
    /// <summary>The paragraphs without an unknown word, as a person would have written them.</summary>
    public static string Plain(string text) => string.Join("\n\n", text.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && !line.StartsWith('=') && !line.Contains("<unk>", StringComparison.Ordinal))
        .Select(Punctuation.Restore));
}
