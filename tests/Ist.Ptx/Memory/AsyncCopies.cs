using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>The asynchronous copies of a warp's lanes: read when they begin, visible when their lane waits for them.</summary>
internal sealed class AsyncCopies(Warp warp)
{
    private readonly List<AsyncCopy> _copies = [];
    private readonly int[] _groups = new int[Warp.Lanes];

    public void Forget()
    {
        _copies.Clear();
        Array.Clear(_groups);
    }

    public void Begin(int lane, ulong target, byte[] data)
    {
        warp.Block.Shared.BeginCopy(warp, lane, target, data.Length);
        _copies.Add(new AsyncCopy(lane, _groups[lane], target, data));
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
        bool Ends(AsyncCopy copy) => (lanes >> copy.Lane & 1) != 0 && (pending < 0 || copy.Group < _groups[copy.Lane] - pending);
        foreach (var copy in _copies)
        {
            if (Ends(copy))
                warp.Block.Shared.EndCopy(warp, copy.Lane, copy.Target, copy.Data);
        }
        _copies.RemoveAll(Ends);
    }
}
