using System.Runtime.CompilerServices;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>Global memory as one block sees it: each instruction remembers the allocation that it touched last.</summary>
internal sealed unsafe class GlobalAccess(DeviceMemory memory, int instructions)
{
    private readonly Allocation?[] _last = new Allocation?[instructions];

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
        return (byte*)address;
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

    private static PtxException Unwritten(Warp warp, int lane, ulong address, int bytes, Allocation allocation) =>
        warp.Fault(lane, $"reads {bytes} bytes of global memory that were never written, at {Place(allocation, address)}");

    private static string Place(Allocation allocation, ulong address) =>
        $"byte {(long)(address - allocation.Address)} of an allocation of {allocation.Bytes} bytes at 0x{allocation.Address:x}";
}
