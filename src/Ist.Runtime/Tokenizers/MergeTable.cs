using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>A learnt list of merges, looked up by the two ids.</summary>
internal sealed class MergeTable : IMergeRule
{
    private readonly Dictionary<long, (int Rank, int Id)> _merges;

    /// <summary>Numbers merges by their place in the list.</summary>
    /// <param name="merges">The pairs, in the order they were learnt; of a pair given twice the later place counts.</param>
    /// <param name="vocabulary">The ids.</param>
    /// <param name="continuingPrefix">What tokens within a word begin with; it goes from the right part when merged.</param>
    /// <param name="source">The file and key, for error messages.</param>
    /// <exception cref="InputException">A part or the merged token isn't in the vocabulary.</exception>
    public MergeTable(IReadOnlyList<(string Left, string Right)> merges, Vocabulary vocabulary, string continuingPrefix, string source)
    {
        _merges = new Dictionary<long, (int, int)>(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (string left, string right) = merges[rank];
            string rest = right.StartsWith(continuingPrefix, StringComparison.Ordinal) ? right[continuingPrefix.Length..] : right;
            _merges[Key(Id(left), Id(right))] = (rank, Id(left + rest));

            int Id(string token) => vocabulary.Id(token) ?? throw new InputException(
                $"{source}: merge {rank + 1}, {OneLine.Quote(left)} {OneLine.Quote(right)}, needs the token {OneLine.Quote(token)}, which the vocabulary lacks; the two don't belong together");
        }
    }

    /// <inheritdoc/>
    public bool TryMerge(in Symbol left, in Symbol right, out int rank, out int id)
    {
        bool found = _merges.TryGetValue(Key(left.Id, right.Id), out (int Rank, int Id) merge);
        (rank, id) = merge;
        return found;
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
