using System.Buffers;
using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Finds added tokens in text: the leftmost first, among those that begin there the longest.
/// Source: Hugging Face tokenizers, <c>AddedVocabulary::find_matches</c>.
/// </summary>
internal sealed class AddedTokenMatcher
{
    private readonly SearchValues<string>? _anyForm;
    private readonly Dictionary<char, (string Form, AddedToken Token)[]> _byFirst;

    /// <summary>Prepares the search.</summary>
    /// <param name="forms">Each token with its form as it stands in the searched text.</param>
    public AddedTokenMatcher(IEnumerable<(string Form, AddedToken Token)> forms)
    {
        // Two tokens may normalize to the same form; the first one counts, as in Hugging Face's automaton.
        _byFirst = forms.Where(f => f.Form.Length > 0)
            .DistinctBy(f => f.Form)
            .GroupBy(f => f.Form[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(f => f.Form.Length).ToArray());
        if (_byFirst.Count > 0)
            _anyForm = SearchValues.Create([.. _byFirst.Values.SelectMany(f => f).Select(f => f.Form)], StringComparison.Ordinal);
    }

    /// <summary>Cuts a text at its added tokens and appends the parts.</summary>
    public void Split(string text, bool startsText, List<Segment> segments)
    {
        if (_anyForm is null)
        {
            segments.Add(new Segment(null, text, startsText));
            return;
        }
        int done = 0;
        for (int at = 0; at < text.Length;)
        {
            int found = text.AsSpan(at).IndexOfAny(_anyForm);
            if (found < 0)
                break;
            int start = at + found;
            (string form, AddedToken token) = Longest(text.AsSpan(start));
            int stop = start + form.Length;
            at = stop;
            if (token.SingleWord && !StandsAlone(text, start, stop))
                continue;
            if (token.LStrip)
                start = Math.Max(done, text.AsSpan(0, start).TrimEnd().Length);
            if (token.RStrip)
                stop = text.Length - text.AsSpan(stop).TrimStart().Length;
            if (done < start)
                segments.Add(new Segment(null, text[done..start], startsText && done == 0));
            segments.Add(new Segment(token.Id, text[start..stop], startsText && start == 0));
            done = stop;
            at = Math.Max(at, stop);
        }
        if (done < text.Length)
            segments.Add(new Segment(null, text[done..], startsText && done == 0));
    }

    private (string Form, AddedToken Token) Longest(ReadOnlySpan<char> text)
    {
        foreach ((string Form, AddedToken Token) candidate in _byFirst[text[0]])
        {
            if (text.StartsWith(candidate.Form, StringComparison.Ordinal))
                return candidate;
        }
        throw new InvalidOperationException("The search stopped where no added token begins.");
    }

    private static bool StandsAlone(string text, int start, int stop)
    {
        bool wordBefore = Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out Rune before, out _) == OperationStatus.Done && UnicodeClass.IsWord(before);
        bool wordAfter = Rune.DecodeFromUtf16(text.AsSpan(stop), out Rune after, out _) == OperationStatus.Done && UnicodeClass.IsWord(after);
        return !wordBefore && !wordAfter;
    }
}
