namespace Ist.Runtime.Devices;

/// <summary>
/// Places buffers that live for a part of a step in one piece of memory: where lives don't overlap, space is shared. The largest
/// buffer is placed first, each at the lowest offset at which it fits between those that live with it (greedy by size, Pisarchyk
/// and Lee, arXiv 2001.03288); of equal ones the first that was asked for. The same requests have the same offsets always.
/// </summary>
internal sealed class LiveLayout
{
    private readonly List<(long Begin, long End, long Bytes)> _lives = [];
    private long[] _offsets = [];

    /// <summary>Bytes of the whole piece, once it is solved.</summary>
    public long Size { get; private set; }

    /// <summary>Asks for a buffer.</summary>
    /// <param name="begin">When it is written first.</param>
    /// <param name="end">One past the time at which it is read last.</param>
    /// <param name="bytes">Its size.</param>
    public void Add(long begin, long end, long bytes) => _lives.Add((begin, end, bytes));

    /// <summary>Places all buffers.</summary>
    public void Solve()
    {
        _offsets = new long[_lives.Count];
        var placed = new List<int>();
        foreach (int index in Enumerable.Range(0, _lives.Count).OrderByDescending(i => _lives[i].Bytes).ThenBy(i => i))
        {
            _offsets[index] = LowestGap(index, placed);
            Size = Math.Max(Size, _offsets[index] + _lives[index].Bytes);
            placed.Add(index);
        }
    }

    /// <summary>Where a buffer lies.</summary>
    /// <param name="index">The number of its request.</param>
    /// <param name="begin">As it was asked for.</param>
    /// <param name="end">As it was asked for.</param>
    /// <param name="bytes">As it was asked for.</param>
    /// <exception cref="InvalidOperationException">Something else was asked for.</exception>
    public long Offset(int index, long begin, long end, long bytes) =>
        index < _lives.Count && _lives[index] == (begin, end, bytes)
            ? _offsets[index]
            : throw new InvalidOperationException("The layout asked for another buffer than was measured; it must ask for the same both times.");

    private long LowestGap(int index, List<int> placed)
    {
        (long begin, long end, long bytes) = _lives[index];
        long offset = 0;
        foreach (int other in placed.Where(i => _lives[i].Begin < end && begin < _lives[i].End).OrderBy(i => _offsets[i]))
        {
            if (_offsets[other] - offset >= bytes)
                break;
            offset = Math.Max(offset, _offsets[other] + _lives[other].Bytes);
        }
        return offset;
    }
}
