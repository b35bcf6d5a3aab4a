using System.Runtime.InteropServices;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>The local memory of a warp's lanes, with the parameters of the device functions that they call.</summary>
internal sealed unsafe class LocalMemory(int bytes) : IDisposable
{
    /// <summary>The lowest address: 0 is none.</summary>
    public const int Base = 16;

    private readonly byte* _data = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(16, Warp.Lanes * Stride(bytes)), 16);
    private readonly byte* _states = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(16, Warp.Lanes * Stride(bytes)));

    public void Forget() => NativeMemory.Clear(_states, (nuint)(Warp.Lanes * Stride(bytes)));

    public byte* Access(Warp warp, int lane, ulong address, int size, AccessKind kind)
    {
        ulong offset = address - Base;
        if (offset > (ulong)bytes || (ulong)size > (ulong)bytes - offset)
            throw warp.Fault(lane, $"{size} bytes out of bounds: byte {(long)offset} of {bytes} bytes of local memory");
        if ((offset & (ulong)(size - 1)) != 0)
            throw warp.Fault(lane, $"misaligned: {size} bytes at byte {offset} of local memory");
        ulong place = (ulong)(lane * Stride(bytes)) + offset;
        if (kind == AccessKind.Write)
            ByteStates.MarkWritten(_states + place, size);
        else if (!ByteStates.AreWritten(_states + place, size))
            throw warp.Fault(lane, $"reads {size} bytes of local memory that were never written, at byte {offset}");
        return _data + place;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        NativeMemory.Free(_states);
    }

    private static int Stride(int bytes) => (bytes + 15) & ~15;
}
