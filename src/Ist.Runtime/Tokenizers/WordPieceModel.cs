namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Cuts a word into the longest tokens from its left; all of it is one unknown token where a rest isn't covered.
/// Source: Hugging Face tokenizers, <c>models/wordpiece</c>.
/// </summary>
/// <param name="vocabulary">The tokens.</param>
/// <param name="unk">The id of a word that no tokens cover.</param>
/// <param name="prefix">Begins each token but a word's first, usually <c>##</c>.</param>
/// <param name="longestWord">A word of more characters is unknown.</param>
internal sealed class WordPieceModel(Vocabulary vocabulary, int unk, string prefix, int longestWord) : ITokenModel
{
    private readonly WordCache _cache = new();

    /// <inheritdoc/>
    public int VocabSize => vocabulary.Size;

    /// <inheritdoc/>
    public string? IdToToken(int id) => vocabulary.Token(id);

    /// <inheritdoc/>
    public int? TokenToId(string token) => vocabulary.Id(token);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        if (Characters(word) > longestWord)
        {
            ids.Add(unk);
            return;
        }
        if (_cache.TryAppend(word, ids))
            return;
        int[] result = Cut(word);
        _cache.Add(word, result);
        ids.AddRange(result);
    }

    private int[] Cut(ReadOnlySpan<char> word)
    {
        // The word behind room for the prefix, which overwrites what tokens have covered already.
        char[] buffer = [.. prefix, .. word];
        var ids = new List<int>();
        for (int start = 0; start < word.Length;)
        {
            int from = prefix.Length;
            if (start > 0)
            {
                from = start;
                prefix.CopyTo(buffer.AsSpan(start));
            }
            int end = Longest(word, buffer, from, start, out int id);
            if (end == start)
                return [unk];
            ids.Add(id);
            start = end;
        }
        return [.. ids];
    }

    /// <summary>Where the longest token that begins at <paramref name="start"/> ends, or <paramref name="start"/> where there is none.</summary>
    private int Longest(ReadOnlySpan<char> word, char[] buffer, int from, int start, out int id)
    {
        for (int end = word.Length; end > start; end -= char.IsLowSurrogate(word[end - 1]) ? 2 : 1)
        {
            if (vocabulary.TryGetId(buffer.AsSpan(from..(prefix.Length + end)), out id))
                return end;
        }
        id = unk;
        return start;
    }

    private static int Characters(ReadOnlySpan<char> word)
    {
        int count = 0;
        foreach (char c in word)
            count += char.IsLowSurrogate(c) ? 0 : 1;
        return count;
    }
}
