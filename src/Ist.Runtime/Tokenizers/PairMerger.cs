namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Byte-pair encoding: merges the pair of lowest rank, again and again. A heap of candidate pairs makes it
/// n log n in the number of symbols, whatever the text. Source: Sennrich et al. 2016, algorithm 1.
/// </summary>
internal static class PairMerger
{
    private readonly record struct Candidate(int Left, int Right, int Length, int Id);

    /// <summary>Merges symbols until no rule applies, then appends those left.</summary>
    /// <param name="symbols">A list linked from index 0.</param>
    /// <param name="rule">The merges.</param>
    /// <param name="result">Grows by the symbols that remain.</param>
    public static void Merge<TRule>(Span<Symbol> symbols, TRule rule, List<Symbol> result)
        where TRule : IMergeRule, allows ref struct
    {
        var queue = new PriorityQueue<Candidate, long>(symbols.Length);
        for (int i = 0; i + 1 < symbols.Length; i++)
            Consider(symbols, i, rule, queue);
        while (queue.TryDequeue(out Candidate pair, out _))
        {
            ref Symbol left = ref symbols[pair.Left];
            ref Symbol right = ref symbols[pair.Right];
            // Symbols only grow, so a pair of another length is one that has changed since.
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length)
                continue;
            left.Id = pair.Id;
            left.Length = pair.Length;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0)
            {
                symbols[left.Next].Previous = pair.Left;
                Consider(symbols, pair.Left, rule, queue);
            }
            if (left.Previous >= 0)
                Consider(symbols, left.Previous, rule, queue);
        }
        for (int i = symbols.IsEmpty ? -1 : 0; i >= 0; i = symbols[i].Next)
            result.Add(symbols[i]);
    }

    /// <summary>Links symbols in their order, each of one unit's length.</summary>
    public static void Link(Span<Symbol> symbols)
    {
        for (int i = 0; i < symbols.Length; i++)
        {
            symbols[i].Previous = i - 1;
            symbols[i].Next = i + 1 < symbols.Length ? i + 1 : -1;
        }
    }

    private static void Consider<TRule>(Span<Symbol> symbols, int at, TRule rule, PriorityQueue<Candidate, long> queue)
        where TRule : IMergeRule, allows ref struct
    {
        ref Symbol left = ref symbols[at];
        ref Symbol right = ref symbols[left.Next];
        if (rule.TryMerge(left, right, out int rank, out int id))
            queue.Enqueue(new Candidate(at, left.Next, left.Length + right.Length, id), ((long)rank << 32) | (uint)at);
    }
}
