using System.Runtime.InteropServices;

namespace Ist.Runtime.Devices;

/// <summary>
/// The tasks of a job, shared out among workers: each takes those of its own share in order, then helps the others. So in jobs over the same
/// rows a worker meets the rows that are in its caches already, and workers rarely write to one line of memory.
/// </summary>
/// <param name="workers">How many there are.</param>
internal sealed class TaskShares(int workers)
{
    private readonly Share[] _shares = new Share[workers];

    /// <summary>Shares out tasks 0 to <paramref name="tasks"/> - 1, before workers take any.</summary>
    public void Divide(int tasks)
    {
        int first = 0;
        for (int worker = 0; worker < workers; worker++)
        {
            int end = (int)((worker + 1L) * tasks / workers);
            _shares[worker].Next = first;
            _shares[worker].End = end;
            first = end;
        }
    }

    /// <summary>A task that nobody has taken, or none.</summary>
    public bool TryTake(int worker, out int task)
    {
        for (int i = 0, owner = worker; i < workers; i++, owner = owner + 1 < workers ? owner + 1 : 0)
        {
            ref Share share = ref _shares[owner];
            if (Volatile.Read(ref share.Next) >= share.End)
                continue;
            task = Interlocked.Increment(ref share.Next) - 1;
            if (task < share.End)
                return true;
        }
        task = 0;
        return false;
    }

    /// <summary>Leaves out what nobody has taken.</summary>
    public void Drop()
    {
        foreach (ref Share share in _shares.AsSpan())
            Volatile.Write(ref share.Next, share.End);
    }

    // Two lines of memory, which processors fetch together.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Share
    {
        [FieldOffset(0)]
        public int Next;

        [FieldOffset(4)]
        public int End;
    }
}
