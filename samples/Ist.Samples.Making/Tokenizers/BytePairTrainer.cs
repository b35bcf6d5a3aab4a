using System.Text;
using Ist.Runtime.Tokenizers;

namespace Ist.Samples.Making.Tokenizers;

/// <summary>
/// Learns byte-pair merges (Sennrich et al., arXiv 1508.07909): joins the most frequent pair of neighbours, again and again. Counts
/// are kept up to date instead of being taken anew. Of equally frequent pairs the one with the smaller ids is
/// joined, as in Hugging Face's trainer, so the result depends on the counts alone.
/// </summary>
internal sealed class BytePairTrainer
{
    private readonly List<string> _tokens = BytePairVocabulary.Alphabet();
    private readonly Dictionary<string, int> _ids;
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly List<int[]> _words = [];
    private readonly List<long> _counts = [];
    private readonly Dictionary<(int Left, int Right), long> _pairs = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];
    private readonly PriorityQueue<(int Left, int Right), (long, int, int)> _queue = new();

    private BytePairTrainer(IReadOnlyDictionary<string, long> pieces)
    {
        _ids = _tokens.Index().ToDictionary(t => t.Item, t => t.Index, StringComparer.Ordinal);
        foreach ((string piece, long count) in pieces)
        {
            _words.Add([.. Encoding.UTF8.GetBytes(piece).Select(b => _ids[ByteAlphabet.ToChar(b).ToString()])]);
            _counts.Add(count);
            CountPairs(_words.Count - 1, sign: 1);
        }
        foreach ((int Left, int Right) pair in _pairs.Keys)
            Enqueue(pair);
    }

    /// <summary>Learns a vocabulary; it stays smaller than asked for when no pair occurs twice.</summary>
    /// <param name="pieces">How often each piece occurs.</param>
    /// <param name="size">Tokens in all, at least <see cref="BytePairVocabulary.Smallest"/>.</param>
    public static BytePairVocabulary Train(IReadOnlyDictionary<string, long> pieces, int size)
    {
        var trainer = new BytePairTrainer(pieces);
        while (trainer._tokens.Count < size && trainer.TryNext(out (int, int) pair))
            trainer.Merge(pair);
        return new BytePairVocabulary(trainer._tokens, trainer._merges);
    }

    // The queue holds a pair with a count that it once had: such an entry goes back with the count of now.
    private bool TryNext(out (int Left, int Right) pair)
    {
        while (_queue.TryDequeue(out pair, out (long MinusCount, int, int) priority))
        {
            long count = _pairs.GetValueOrDefault(pair);
            if (count == -priority.MinusCount)
                return true;
            Enqueue(pair);
        }
        return false;
    }

    private void Enqueue((int Left, int Right) pair)
    {
        long count = _pairs.GetValueOrDefault(pair);
        if (count >= 2)
            _queue.Enqueue(pair, (-count, pair.Left, pair.Right));
    }

    private void Merge((int Left, int Right) pair)
    {
        string token = _tokens[pair.Left] + _tokens[pair.Right];
        _merges.Add((_tokens[pair.Left], _tokens[pair.Right]));
        // Two ways may lead to one token.
        if (!_ids.TryGetValue(token, out int id))
        {
            id = _ids[token] = _tokens.Count;
            _tokens.Add(token);
        }
        var touched = new HashSet<(int, int)>();
        foreach (int word in _places[pair].ToArray())
        {
            touched.UnionWith(Pairs(_words[word]));
            CountPairs(word, sign: -1);
            _words[word] = Joined(_words[word], pair, id);
            CountPairs(word, sign: 1);
            touched.UnionWith(Pairs(_words[word]));
        }
        foreach ((int, int) changed in touched)
            Enqueue(changed);
    }

    private void CountPairs(int word, int sign)
    {
        foreach ((int Left, int Right) pair in Pairs(_words[word]))
        {
            _pairs[pair] = _pairs.GetValueOrDefault(pair) + sign * _counts[word];
            if (!_places.TryGetValue(pair, out HashSet<int>? places))
                _places[pair] = places = [];
            if (sign > 0)
                places.Add(word);
            else
                places.Remove(word);
        }
    }

    private static IEnumerable<(int Left, int Right)> Pairs(int[] word) => word.Zip(word.Skip(1));

    private static int[] Joined(int[] word, (int Left, int Right) pair, int id)
    {
        var joined = new List<int>(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            bool match = i + 1 < word.Length && (word[i], word[i + 1]) == pair;
            joined.Add(match ? id : word[i]);
            i += match ? 1 : 0;
        }
        return [.. joined];
    }
}
