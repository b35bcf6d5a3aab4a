using System.Runtime.InteropServices;

namespace Ist.Ptx.Memory;

/// <summary>One piece of device memory, which is memory of the host, and for each byte whether it was ever written.</summary>
internal sealed unsafe class Allocation
{
    // Between two pieces nothing is allocated, so that a step too far never falls into a neighbour.
    private const int Guard = 512;

    private byte* _memory;

    public Allocation(long bytes)
    {
        (Bytes, IsHost) = (bytes, false);
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(bytes + (2 * Guard)), Guard);
        Address = (ulong)_memory + Guard;
        Written = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(1, bytes));
        Accesses = AllocateAccesses(bytes);
    }

    public Allocation(nint host, long bytes)
    {
        (Bytes, IsHost, Address) = (bytes, true, (ulong)host);
        Written = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, bytes));
        MarkWritten(0, bytes);
        Accesses = AllocateAccesses(bytes);
    }

    public ulong Address { get; }

    public long Bytes { get; }

    /// <summary>True for memory that the host owns.</summary>
    public bool IsHost { get; }

    public bool IsFreed { get; set; }

    /// <summary>A byte for each byte: 1 where it was written.</summary>
    public byte* Written { get; private set; }

    /// <summary>The last writer and the last reader of each word (<see cref="GlobalRaces"/>).</summary>
    public ulong* Accesses { get; private set; }

    public bool Holds(ulong address, long bytes) => address >= Address && address - Address <= (ulong)Bytes && (ulong)bytes <= (ulong)Bytes - (address - Address);

    public void MarkWritten(long offset, long bytes) => NativeMemory.Fill(Written + offset, (nuint)bytes, 1);

    public void Release()
    {
        NativeMemory.Free(Written);
        NativeMemory.Free(Accesses);
        NativeMemory.AlignedFree(_memory);
        Written = _memory = null;
        Accesses = null;
    }

    // The host's memory of it is only taken where it is touched.
    private static ulong* AllocateAccesses(long bytes) => (ulong*)NativeMemory.AllocZeroed((nuint)(bytes / GlobalRaces.Word + 1), 2 * sizeof(ulong));
}
