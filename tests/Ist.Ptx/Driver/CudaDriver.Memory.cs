using System.Runtime.InteropServices;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Driver;

/// <summary>Memory of the device and of the host, and copies; all is done when the function returns.</summary>
internal static unsafe partial class CudaDriver
{
    [UnmanagedCallersOnly(EntryPoint = "cuMemGetInfo_v2")]
    private static CudaResult MemoryGetInfo(nuint* free, nuint* total)
    {
        *total = (nuint)Device.Options.TotalMemory;
        *free = (nuint)(Device.Options.TotalMemory - Device.UsedMemory);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuMemAlloc_v2")]
    private static CudaResult MemoryAllocate(ulong* address, nuint bytes)
    {
        if (bytes == 0)
            return Fail(CudaResult.InvalidValue, "an allocation of 0 bytes");
        if (Device.Memory.Allocate((long)bytes) is not { } allocation)
        {
            return Fail(
                CudaResult.OutOfMemory,
                $"out of memory: the device has {Device.Options.TotalMemory} bytes, {Device.UsedMemory} in use; {bytes} more don't fit");
        }
        *address = allocation.Address;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuMemFree_v2")]
    private static CudaResult MemoryFree(ulong address) =>
        // ILGPU frees the null of an allocation that failed.
        address == 0 || Device.Memory.Free(address) ? CudaResult.Success : Fail(CudaResult.InvalidValue, $"nothing is allocated at 0x{address:x}");

    [UnmanagedCallersOnly(EntryPoint = "cuMemAllocHost_v2")]
    private static CudaResult MemoryAllocateHost(nint* address, nuint bytes)
    {
        *address = (nint)NativeMemory.AlignedAlloc(Math.Max(1, bytes), 256);
        Device.Memory.Register(*address, (long)bytes);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuMemFreeHost")]
    private static CudaResult MemoryFreeHost(nint address)
    {
        if (!Device.Memory.Free((ulong)address))
            return Fail(CudaResult.InvalidValue, $"no host memory is allocated at 0x{address:x}");
        NativeMemory.AlignedFree((void*)address);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuMemHostRegister_v2")]
    private static CudaResult MemoryHostRegister(nint address, nuint bytes, uint flags)
    {
        Device.Memory.Register(address, (long)bytes);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuMemHostUnregister")]
    private static CudaResult MemoryHostUnregister(nint address) => Device.Memory.Free((ulong)address)
        ? CudaResult.Success : Fail(CudaResult.InvalidValue, $"no host memory is registered at 0x{address:x}");

    [UnmanagedCallersOnly(EntryPoint = "cuMemHostGetDevicePointer_v2")]
    private static CudaResult MemoryHostGetDevicePointer(nint* address, nint host, uint flags)
    {
        *address = host;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuMemcpyAsync")]
    private static CudaResult Copy(ulong to, ulong from, nuint bytes, nint stream)
    {
        long count = (long)bytes;
        if (!Check(to, count, "to", out var target) || !Check(from, count, "from", out var source))
            return CudaResult.InvalidValue;
        // What nobody wrote stays so when it is copied within the device; the host must not get it.
        if (source is { IsHost: false } && target is not { IsHost: false })
        {
            long unwritten = new ReadOnlySpan<byte>(source.Written + (from - source.Address), (int)Math.Min(count, int.MaxValue)).IndexOfAnyExcept(ByteStates.Written);
            if (unwritten >= 0)
            {
                return Fail(
                    CudaResult.InvalidValue,
                    $"a copy to the host of memory that was never written: byte {(long)(from - source.Address) + unwritten} of an allocation of {source.Bytes} bytes");
            }
        }
        Buffer.MemoryCopy((void*)from, (void*)to, count, count);
        if (target is not null && source is not null)
            Buffer.MemoryCopy(source.Written + (from - source.Address), target.Written + (to - target.Address), count, count);
        else
            target?.MarkWritten((long)(to - target.Address), count);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuMemsetD8Async")]
    private static CudaResult Set(ulong to, byte value, nuint bytes, nint stream)
    {
        if (!Check(to, (long)bytes, "to", out var target))
            return CudaResult.InvalidValue;
        NativeMemory.Fill((void*)to, bytes, value);
        target?.MarkWritten((long)(to - target.Address), (long)bytes);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuPointerGetAttribute")]
    private static CudaResult PointerGetAttribute(void* value, int attribute, ulong address)
    {
        if (Device.Memory.Find(address) is not { IsFreed: false } found || !found.Holds(address, 0))
            return Fail(CudaResult.InvalidValue, $"0x{address:x} is no address of the device");
        const int Context = 1, MemoryType = 2, DevicePointer = 3, HostPointer = 4;
        switch (attribute)
        {
            case Context:
                *(nint*)value = _context;
                return CudaResult.Success;
            case MemoryType:
                *(int*)value = found.IsHost ? 1 : 2;
                return CudaResult.Success;
            case DevicePointer or HostPointer:
                *(ulong*)value = address;
                return CudaResult.Success;
            default:
                return Fail(CudaResult.NotSupported, $"pointer attribute {attribute}");
        }
    }

    /// <summary>The allocation that holds all of a range, or null for memory of the host. False where a range begins in an allocation and leaves it.</summary>
    private static bool Check(ulong address, long bytes, string direction, out Allocation? allocation)
    {
        allocation = Device.Memory.Find(address);
        if (allocation is null || !allocation.Holds(address, 0) || (allocation.Holds(address, 0) && address - allocation.Address == (ulong)allocation.Bytes && bytes > 0))
        {
            allocation = null;
            return true;
        }
        if (!allocation.IsFreed && allocation.Holds(address, bytes))
            return true;
        Fail(
            CudaResult.InvalidValue,
            allocation.IsFreed ? $"a copy {direction} freed memory" : $"a copy of {bytes} bytes {direction} byte {address - allocation.Address} of an allocation of {allocation.Bytes} bytes");
        return false;
    }

    /// <summary>What a library that works on the device's memory asks of bytes: 1 where they are allocated, and written where it reads them.</summary>
    [UnmanagedCallersOnly]
    public static int Access(ulong address, nuint bytes, int writes)
    {
        if (Device.Memory.Find(address) is not { IsFreed: false } found || !found.Holds(address, (long)bytes))
            return 0;
        long offset = (long)(address - found.Address);
        if (writes != 0)
            found.MarkWritten(offset, (long)bytes);
        return new Span<byte>(found.Written + offset, (int)bytes).Contains((byte)0) ? 0 : 1;
    }
}
