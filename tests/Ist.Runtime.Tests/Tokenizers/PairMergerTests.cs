using CsCheck;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class PairMergerTests
{
    /// <summary>Merges by a table and counts how often it is asked.</summary>
    private sealed class Table(Dictionary<(int, int), (int Rank, int Id)> merges) : IMergeRule
    {
        public int Asked { get; private set; }

        public bool TryMerge(in Symbol left, in Symbol right, out int rank, out int id)
        {
            Asked++;
            bool found = merges.TryGetValue((left.Id, right.Id), out (int Rank, int Id) merge);
            (rank, id) = merge;
            return found;
        }
    }

    [Fact]
    public void The_result_is_that_of_looking_at_all_pairs_each_time()
    {
        Gen<int[]> word = Gen.Int[0, 3].Array[0, 40];
        Gen<(int Left, int Right)[]> pairs = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 7]).Array[0, 12];
        Gen.Select(word, pairs).Sample((ids, pairs) =>
        {
            var merges = new Dictionary<(int, int), (int Rank, int Id)>();
            for (int i = 0; i < pairs.Length; i++)
                merges[pairs[i]] = (i, 4 + i % 4);
            Assert.Equal(MergeNaively(ids, merges), Merge(ids, new Table(merges)));
        }, iter: 5000);
    }

    [Fact]
    public void The_work_grows_with_the_words_length_only()
    {
        // a a -> b, b b -> c, ...: the most merges that a word can have.
        const int length = 100_000;
        var table = new Table(Enumerable.Range(0, 20).ToDictionary(i => (i, i), i => (i, i + 1)));
        List<int> result = Merge(new int[length], table);
        Assert.Equal(length, result.Sum(id => 1 << id));
        Assert.InRange(table.Asked, length, 3 * length);
    }

    private static List<int> Merge(int[] ids, Table table)
    {
        var symbols = new Symbol[ids.Length];
        for (int i = 0; i < ids.Length; i++)
            symbols[i] = new Symbol { Id = ids[i], Length = 1 };
        var result = new List<Symbol>();
        PairMerger.Link(symbols);
        PairMerger.Merge(symbols, table, result);
        return [.. result.Select(s => s.Id)];
    }

    private static List<int> MergeNaively(int[] ids, Dictionary<(int, int), (int Rank, int Id)> merges)
    {
        List<int> word = [.. ids];
        while (true)
        {
            int best = -1;
            for (int i = 0; i + 1 < word.Count; i++)
            {
                if (merges.TryGetValue((word[i], word[i + 1]), out var merge) && (best < 0 || merge.Rank < merges[(word[best], word[best + 1])].Rank))
                    best = i;
            }
            if (best < 0)
                return word;
            word[best] = merges[(word[best], word[best + 1])].Id;
            word.RemoveAt(best + 1);
        }
    }
}
