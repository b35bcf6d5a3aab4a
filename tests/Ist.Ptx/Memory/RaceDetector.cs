using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>
/// Who read and who wrote each cell last. A tag holds the barrier count of the block (32 bits), the count of warp-wide synchronisations
/// (16) and the thread (16). Two accesses race where both happen between the same two barriers, by different threads, one of them
/// writes, and no synchronisation of their common warp stands between them.
/// </summary>
internal sealed unsafe class RaceDetector(int cells) : IDisposable
{
    private const int SeveralOfWarp = 0x8000;
    private const int Several = 0xFFFF;

    private readonly ulong* _readers = (ulong*)NativeMemory.AllocZeroed((nuint)cells + 1, sizeof(ulong));
    private readonly ulong* _writers = (ulong*)NativeMemory.AllocZeroed((nuint)cells + 1, sizeof(ulong));

    public static string Name(int thread) => thread == Several ? "several threads"
        : thread >= SeveralOfWarp ? $"several lanes of warp {thread - SeveralOfWarp}" : $"thread {thread}";

    /// <summary>The thread that races with this access, or -1; the access is then known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Track(int cell, uint epoch, Warp warp, int lane, AccessKind kind)
    {
        ulong tag = ((ulong)epoch << 32) | (warp.RaceTag + (uint)lane);
        ulong writer = _writers[cell], reader = _readers[cell];
        if ((uint)(writer >> 32) == epoch && Conflicts(writer, tag))
            return (int)(writer & 0xFFFF);
        if (kind == AccessKind.Read)
        {
            _readers[cell] = (uint)(reader >> 32) == epoch ? Merge(reader, tag) : tag;
            return -1;
        }
        if ((uint)(reader >> 32) == epoch && Conflicts(reader, tag))
            return (int)(reader & 0xFFFF);
        _writers[cell] = tag;
        return -1;
    }

    /// <summary>The thread that races with this access to cells that are tracked elsewhere, or -1.</summary>
    public int Racing(int first, int count, uint epoch, Warp warp, int lane, AccessKind kind)
    {
        ulong tag = ((ulong)epoch << 32) | (warp.RaceTag + (uint)lane);
        for (int cell = first; cell < first + count; cell++)
        {
            if ((uint)(_writers[cell] >> 32) == epoch && Conflicts(_writers[cell], tag))
                return (int)(_writers[cell] & 0xFFFF);
            if (kind == AccessKind.Write && (uint)(_readers[cell] >> 32) == epoch && Conflicts(_readers[cell], tag))
                return (int)(_readers[cell] & 0xFFFF);
        }
        return -1;
    }

    public void Dispose()
    {
        NativeMemory.Free(_readers);
        NativeMemory.Free(_writers);
    }

    private static bool Conflicts(ulong before, ulong tag)
    {
        int other = (int)(before & 0xFFFF), thread = (int)(tag & 0xFFFF);
        return other != thread && (!IsOfWarp(other, thread) || (ushort)(before >> 16) == (ushort)(tag >> 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Merge(ulong before, ulong tag)
    {
        int other = (int)(before & 0xFFFF), thread = (int)(tag & 0xFFFF);
        if (other == Several)
            return before;
        if (!IsOfWarp(other, thread))
            return tag | Several;
        // What this warp read before its last synchronisation is ordered before all that it does now.
        if (other == thread || (ushort)(before >> 16) != (ushort)(tag >> 16))
            return tag;
        return (tag & ~0xFFFFUL) | (uint)(SeveralOfWarp + (thread / Warp.Lanes));
    }

    private static bool IsOfWarp(int other, int thread) =>
        other != Several && (other >= SeveralOfWarp ? other - SeveralOfWarp : other / Warp.Lanes) == thread / Warp.Lanes;
}
