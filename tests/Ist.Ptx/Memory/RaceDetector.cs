using System.Runtime.CompilerServices;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>
/// Who read and who wrote each cell last. A tag holds the barrier count of the block (32 bits), the count of warp-wide synchronisations
/// (16) and the thread (16). Two accesses race where both happen between the same two barriers, by different threads, one of them
/// writes, and no synchronisation of their common warp stands between them.
/// </summary>
internal sealed class RaceDetector(int cells)
{
    private const int SeveralOfWarp = 0x8000;
    private const int Several = 0xFFFF;

    private readonly ulong[] _readers = new ulong[cells];
    private readonly ulong[] _writers = new ulong[cells];

    public static string Name(int thread) => thread == Several ? "several threads"
        : thread >= SeveralOfWarp ? $"several lanes of warp {thread - SeveralOfWarp}" : $"thread {thread}";

    /// <summary>The thread that races with this access, or -1; the access is then known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Track(int cell, uint epoch, Warp warp, int lane, AccessKind kind)
    {
        int thread = (warp.Index * Warp.Lanes) + lane;
        ulong tag = ((ulong)epoch << 32) | ((ulong)warp.SyncCount << 16) | (uint)thread;
        ref ulong writer = ref _writers[cell];
        ref ulong reader = ref _readers[cell];
        if ((uint)(writer >> 32) == epoch && Conflicts(writer, thread, warp))
            return (int)(writer & 0xFFFF);
        if (kind == AccessKind.Read)
        {
            reader = (uint)(reader >> 32) == epoch ? Merge(reader, tag, warp) : tag;
            return -1;
        }
        if ((uint)(reader >> 32) == epoch && Conflicts(reader, thread, warp))
            return (int)(reader & 0xFFFF);
        writer = tag;
        return -1;
    }

    /// <summary>The thread that races with this access to cells that are tracked elsewhere, or -1.</summary>
    public int Racing(int first, int count, uint epoch, Warp warp, int lane, AccessKind kind)
    {
        int thread = (warp.Index * Warp.Lanes) + lane;
        for (int cell = first; cell < first + count; cell++)
        {
            if ((uint)(_writers[cell] >> 32) == epoch && Conflicts(_writers[cell], thread, warp))
                return (int)(_writers[cell] & 0xFFFF);
            if (kind == AccessKind.Write && (uint)(_readers[cell] >> 32) == epoch && Conflicts(_readers[cell], thread, warp))
                return (int)(_readers[cell] & 0xFFFF);
        }
        return -1;
    }

    private static bool Conflicts(ulong tag, int thread, Warp warp)
    {
        int other = (int)(tag & 0xFFFF);
        if (other == thread)
            return false;
        bool sameWarp = other != Several && (other >= SeveralOfWarp ? other - SeveralOfWarp : other / Warp.Lanes) == warp.Index;
        return !sameWarp || (ushort)(tag >> 16) == warp.SyncCount;
    }

    private static ulong Merge(ulong old, ulong tag, Warp warp)
    {
        int before = (int)(old & 0xFFFF), thread = (int)(tag & 0xFFFF);
        if (before == Several)
            return old;
        if ((before >= SeveralOfWarp ? before - SeveralOfWarp : before / Warp.Lanes) != warp.Index)
            return tag | Several;
        // What this warp read before its last synchronisation is ordered before all that it does now.
        if (before == thread || (ushort)(old >> 16) != (ushort)(tag >> 16))
            return tag;
        return (tag & ~0xFFFFUL) | (uint)(SeveralOfWarp + warp.Index);
    }
}
