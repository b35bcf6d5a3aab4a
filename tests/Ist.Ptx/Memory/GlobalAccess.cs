using System.Runtime.CompilerServices;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>Global memory as one block sees it: each instruction remembers the allocation that it touched last.</summary>
internal sealed unsafe class GlobalAccess(DeviceMemory memory, int instructions)
{
    private readonly Allocation?[] _last = new Allocation?[instructions];

    /// <summary>What races are known by: the block and its last barrier.</summary>
    public ulong Tag { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Access(Warp warp, int lane, ulong address, int bytes, AccessKind kind, int instruction)
    {
        if (_last[instruction] is not { } allocation || !allocation.Holds(address, bytes))
            allocation = _last[instruction] = Resolve(warp, lane, address, bytes);
        if ((address & (ulong)(bytes - 1)) != 0)
            throw Misaligned(warp, lane, address, bytes);
        byte* states = allocation.Written + (address - allocation.Address);
        if (kind == AccessKind.Write)
            ByteStates.MarkWritten(states, bytes);
        else if (!ByteStates.AreWritten(states, bytes))
            throw Unwritten(warp, lane, address, bytes, allocation);
        // Atomics are ordered by the memory itself.
        if (kind != AccessKind.Atomic && bytes >= GlobalRaces.Word)
            Track(warp, lane, address, bytes, kind, allocation);
        return (byte*)address;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Track(Warp warp, int lane, ulong address, int bytes, AccessKind kind, Allocation allocation)
    {
        ulong tag = Tag + (uint)(warp.Index * Warp.Lanes + lane), first = (address - allocation.Address) / GlobalRaces.Word;
        for (ulong word = first; word < first + (ulong)(bytes / GlobalRaces.Word); word++)
        {
            ulong other = GlobalRaces.Track(allocation.Accesses + 2 * word, tag, kind);
            if (other != 0)
                throw Race(warp, lane, allocation.Address + word * GlobalRaces.Word, kind, allocation, GlobalRaces.Name(other, tag));
        }
    }

    private Allocation Resolve(Warp warp, int lane, ulong address, int bytes)
    {
        var nearest = memory.Find(address);
        if (nearest is { IsFreed: false } && nearest.Holds(address, bytes))
            return nearest;
        if (nearest is { IsFreed: true } && nearest.Holds(address, bytes))
            throw warp.Fault(lane, $"{bytes} bytes in freed global memory, at {Place(nearest, address)}");
        throw warp.Fault(lane, nearest is null || address - nearest.Address > (ulong)nearest.Bytes + (1 << 20)
            ? $"{bytes} bytes out of bounds: global address 0x{address:x} is in no allocation"
            : $"{bytes} bytes out of bounds of global memory, at {Place(nearest, address)}");
    }

    private static PtxException Misaligned(Warp warp, int lane, ulong address, int bytes) =>
        warp.Fault(lane, $"misaligned: {bytes} bytes at global address 0x{address:x}");

    private static PtxException Race(Warp warp, int lane, ulong address, AccessKind kind, Allocation allocation, string other) => warp.Fault(
        lane, $"a race in global memory: this {(kind == AccessKind.Write ? "write" : "read")} of {Place(allocation, address)} and an access of {other} with nothing to order them");

    private static PtxException Unwritten(Warp warp, int lane, ulong address, int bytes, Allocation allocation) =>
        warp.Fault(lane, $"reads {bytes} bytes of global memory that were never written, at {Place(allocation, address)}");

    private static string Place(Allocation allocation, ulong address) =>
        $"byte {(long)(address - allocation.Address)} of an allocation of {allocation.Bytes} bytes at 0x{allocation.Address:x}";
}
