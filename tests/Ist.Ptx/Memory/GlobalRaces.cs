using System.Runtime.CompilerServices;

namespace Ist.Ptx.Memory;

/// <summary>
/// Who wrote and who read each word of an allocation last. A tag holds the launch (20 bits), the block (20), the count of the block's barriers (13) and the
/// thread (11). Two accesses of one launch race where one of them writes and they are of different blocks, which nothing orders, or of different threads of
/// a block between the same two barriers.
/// </summary>
internal static unsafe class GlobalRaces
{
    /// <summary>Bytes of a word: what is smaller is not tracked, since neighbours may lie in one word.</summary>
    public const int Word = 4;

    private const int BlockShift = 24, LaunchShift = 44;
    private const ulong SeveralThreads = 0x7FF, EpochMask = 0x1FFF, BlockMask = 0xFFFFF, SeveralBlocks = BlockMask << BlockShift | SeveralThreads;

    /// <summary>The tag of a block's thread 0, to which the thread's number is added.</summary>
    public static ulong Tag(long launch, long block, uint epoch) =>
        ((ulong)launch << LaunchShift) | ((ulong)(block % (long)BlockMask) << BlockShift) | ((epoch & EpochMask) << 11);

    /// <summary>The tag of an access that races with this one, or 0; the access is then known.</summary>
    /// <param name="writer">The word's last writer; its last reader follows it.</param>
    /// <param name="tag">Who accesses it.</param>
    /// <param name="kind">A read or a write.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Track(ulong* writer, ulong tag, AccessKind kind)
    {
        ulong* reader = writer + 1;
        // Blocks run at the same time: each makes itself known before it looks for others, so that one of two sees the other.
        if (kind == AccessKind.Read)
        {
            if (*reader != tag)
                Know(reader, tag);
            return Races(*writer, tag) ? *writer : 0;
        }
        ulong before = *writer == tag ? tag : Interlocked.Exchange(ref *writer, tag);
        return Races(before, tag) ? before : Races(*reader, tag) ? *reader : 0;
    }

    /// <summary>Whose access a tag is, in words, for a thread of another or the same block.</summary>
    public static string Name(ulong other, ulong tag)
    {
        string thread = (other & SeveralThreads) == SeveralThreads ? "several threads" : $"thread {other & SeveralThreads}";
        return (other ^ tag) >> BlockShift == 0 ? thread
            : (other & SeveralBlocks) == SeveralBlocks ? "several blocks" : $"{thread} of block {(other >> BlockShift) & BlockMask}";
    }

    private static bool Races(ulong before, ulong tag) =>
        // Of the same launch, and not the same thread after the same barrier.
        (before ^ tag) >> LaunchShift == 0 && before != tag && ((before ^ tag) >> BlockShift != 0 || (before ^ tag) <= SeveralThreads);

    private static void Know(ulong* reader, ulong tag)
    {
        while (true)
        {
            ulong before = *reader;
            // A read before the block's last barrier is ordered before all that the block does now.
            ulong merged = (before ^ tag) >> LaunchShift != 0 ? tag : (before ^ tag) >> BlockShift != 0 ? tag | SeveralBlocks
                : (before ^ tag) <= SeveralThreads ? tag | SeveralThreads : tag;
            if (before == merged || Interlocked.CompareExchange(ref *reader, merged, before) == before)
                return;
        }
    }
}
