using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>The asynchronous copies of a warp's lanes: read when they begin, visible when their lane waits for them.</summary>
internal sealed unsafe class AsyncCopies(Warp warp)
{
    private readonly List<AsyncCopy> _copies = [];
    private readonly int[] _groups = new int[Warp.Lanes];

    public void Forget()
    {
        _copies.Clear();
        Array.Clear(_groups);
    }

    public void Begin(int lane, ulong target, UInt128 data, int bytes)
    {
        warp.Block.Shared.BeginCopy(warp, lane, target, bytes);
        _copies.Add(new AsyncCopy(lane, _groups[lane], target, data, bytes));
    }

    /// <summary>What was begun since the last commit is one group.</summary>
    public void Commit(uint lanes)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
            _groups[BitOperations.TrailingZeroCount(rest)]++;
    }

    /// <summary>Ends all groups but the last <paramref name="pending"/>; -1 ends those too that are not committed.</summary>
    public void Wait(uint lanes, int pending)
    {
        int left = 0;
        for (int i = 0; i < _copies.Count; i++)
        {
            var copy = _copies[i];
            if ((lanes >> copy.Lane & 1) == 0 || (pending >= 0 && copy.Group >= _groups[copy.Lane] - pending))
                _copies[left++] = copy;
            else
                End(copy);
        }
        _copies.RemoveRange(left, _copies.Count - left);
    }

    private void End(AsyncCopy copy)
    {
        var data = copy.Data;
        warp.Block.Shared.EndCopy(warp, copy.Lane, copy.Target, new ReadOnlySpan<byte>(&data, copy.Bytes));
    }
}
