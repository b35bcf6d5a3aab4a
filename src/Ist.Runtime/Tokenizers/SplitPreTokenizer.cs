namespace Ist.Runtime.Tokenizers;

/// <summary>Splits at a pattern's matches, or with <paramref name="invert"/> at what lies between them.</summary>
internal sealed class SplitPreTokenizer(Pattern pattern, SplitBehavior behavior, bool invert = false) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(Piece piece, List<Piece> pieces)
    {
        foreach ((int start, int end) in Cut(piece.Text.ToString()))
            pieces.Add(new Piece(piece.Text[start..end], piece.StartsText && start == 0));
    }

    private List<(int Start, int End)> Cut(string text)
    {
        var cuts = new List<(int Start, int End)>();
        bool afterMatch = false;
        foreach ((int start, int end, bool isMatch) in Parts(text))
        {
            bool joins = behavior switch
            {
                SplitBehavior.MergedWithPrevious => isMatch && !afterMatch,
                SplitBehavior.MergedWithNext => !isMatch && afterMatch,
                SplitBehavior.Contiguous => isMatch == afterMatch,
                _ => false,
            };
            if (behavior == SplitBehavior.Removed && isMatch)
                continue;
            if (joins && cuts.Count > 0)
                cuts[^1] = (cuts[^1].Start, end);
            else
                cuts.Add((start, end));
            afterMatch = isMatch;
        }
        return cuts;
    }

    /// <summary>The whole text as matches and what lies between them; none is empty.</summary>
    private List<(int Start, int End, bool IsMatch)> Parts(string text)
    {
        var matches = new List<(int Start, int End)>();
        pattern.FindMatches(text, matches);
        var parts = new List<(int Start, int End, bool IsMatch)>(2 * matches.Count + 1);
        int done = 0;
        foreach ((int start, int end) in matches)
        {
            if (done < start)
                parts.Add((done, start, invert));
            if (start < end)
                parts.Add((start, end, !invert));
            done = end;
        }
        if (done < text.Length)
            parts.Add((done, text.Length, invert));
        return parts;
    }
}
