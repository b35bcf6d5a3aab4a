using Ist.Runtime.Numerics;

namespace Ist.Runtime.Data;

/// <summary>
/// Which examples share a row of a batch. They are packed once for the whole run by best-fit decreasing, as TRL's <c>packing</c> does
/// (<c>packing_strategy="bfd"</c>): from the longest on, each goes to the row in which it leaves the least room, or begins a new one.
/// No example is cut, which a packing in the order of an epoch could avoid only by leaving more room, and the number of rows is known
/// before the first step. Which of the examples of one length share a row follows from the seed.
/// </summary>
public sealed class PackedRows
{
    private readonly int[] _examples;
    private readonly int[] _ends;

    private PackedRows(int[] examples, int[] ends, double empty)
    {
        _examples = examples;
        _ends = ends;
        Empty = empty;
    }

    /// <summary>The number of rows.</summary>
    public int Count => _ends.Length;

    /// <summary>The share of the rows' capacity that no example fills.</summary>
    public double Empty { get; }

    /// <summary>A row's examples, by their places in the data set.</summary>
    public ReadOnlySpan<int> this[int row]
    {
        get
        {
            int begin = row == 0 ? 0 : _ends[row - 1];
            return _examples.AsSpan(begin, _ends[row] - begin);
        }
    }

    /// <summary>Each example in a row of its own.</summary>
    public static PackedRows Apart(DataSet data) => new(
        [.. Enumerable.Range(0, data.Rows)], [.. Enumerable.Range(1, data.Rows)], 1 - data.Tokens / (double)((long)data.Rows * Math.Max(1, data.Longest)));

    /// <summary>Packs a data set.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="maxLength">The most tokens of a row; virtual ones before its first example come on top.</param>
    /// <param name="prompt">Virtual tokens in front of each example that have rows of the batch.</param>
    /// <param name="seed">The random stream.</param>
    /// <exception cref="ArgumentException">An example is longer than a row.</exception>
    public static PackedRows Of(DataSet data, int maxLength, int prompt, ulong seed)
    {
        if (data.Longest > maxLength)
            throw new ArgumentException($"An example has {data.Longest} tokens, but a row has room for {maxLength}.", nameof(data));
        int[] order = [.. Enumerable.Range(0, data.Rows)];
        Shuffle.Of(order, RandomKey.For(seed, RandomUse.PackedRows), stream: 0);
        int capacity = maxLength + prompt;
        // Rows by the room that is left in them.
        Stack<int>?[] open = new Stack<int>?[capacity + 1];
        var rows = new List<List<int>>();
        foreach (int example in order.OrderByDescending(e => data.Examples[e].Tokens.Length))
        {
            int length = data.Examples[example].Tokens.Length + prompt, room = length;
            while (room <= capacity && open[room] is not { Count: > 0 })
                room++;
            if (room > capacity)
            {
                room = capacity;
                (open[room] ??= new Stack<int>()).Push(rows.Count);
                rows.Add([]);
            }
            int row = open[room]!.Pop();
            rows[row].Add(example);
            (open[room - length] ??= new Stack<int>()).Push(row);
        }
        int end = 0;
        return new PackedRows([.. rows.SelectMany(row => row)], [.. rows.Select(row => end += row.Count)], 1 - data.Tokens / ((double)rows.Count * maxLength));
    }
}
