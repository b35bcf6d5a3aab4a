using System.Collections.Concurrent;

namespace Ist.Runtime.Tokenizers;

/// <summary>The ids of words met before. Most words of a text are few, so this saves most merging.</summary>
internal sealed class WordCache
{
    private const int MostWords = 1 << 16;
    private const int LongestWord = 128;

    private readonly ConcurrentDictionary<string, int[]> _words = [];
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int _count;

    public WordCache() => _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Appends a word's ids where it is known.</summary>
    public bool TryAppend(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > LongestWord || !_lookup.TryGetValue(word, out int[]? known))
            return false;
        ids.AddRange(known);
        return true;
    }

    /// <summary>Keeps a word's ids, unless it is long or the cache is full.</summary>
    public void Add(ReadOnlySpan<char> word, int[] ids)
    {
        if (word.Length <= LongestWord && Volatile.Read(ref _count) < MostWords && _words.TryAdd(word.ToString(), ids))
            Interlocked.Increment(ref _count);
    }
}
