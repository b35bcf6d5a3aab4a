using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ist.Ptx.Driver;

/// <summary>Streams and events: all work is done at once, in the order of the calls.</summary>
internal static unsafe partial class CudaDriver
{
    [UnmanagedCallersOnly(EntryPoint = "cuStreamCreate")]
    private static CudaResult StreamCreate(nint* stream, uint flags)
    {
        *stream = Add(new CudaStream());
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuStreamCreateWithPriority")]
    private static CudaResult StreamCreateWithPriority(nint* stream, uint flags, int priority)
    {
        *stream = Add(new CudaStream());
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuStreamDestroy_v2")]
    private static CudaResult StreamDestroy(nint stream) => Remove<CudaStream>(stream);

    [UnmanagedCallersOnly(EntryPoint = "cuStreamSynchronize")]
    private static CudaResult StreamSynchronize(nint stream) => stream == 0 || Find<CudaStream>(stream) is not null
        ? CudaResult.Success : Fail(CudaResult.InvalidHandle, $"no stream has handle 0x{stream:x}");

    [UnmanagedCallersOnly(EntryPoint = "cuEventCreate")]
    private static CudaResult EventCreate(nint* @event, uint flags)
    {
        *@event = Add(new CudaEvent());
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuEventDestroy_v2")]
    private static CudaResult EventDestroy(nint @event) => Remove<CudaEvent>(@event);

    [UnmanagedCallersOnly(EntryPoint = "cuEventRecord")]
    private static CudaResult EventRecord(nint @event, nint stream)
    {
        if (Find<CudaEvent>(@event) is not { } found)
            return Fail(CudaResult.InvalidHandle, $"no event has handle 0x{@event:x}");
        found.Recorded = Stopwatch.GetTimestamp();
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuEventQuery")]
    private static CudaResult EventQuery(nint @event) => Check(@event);

    [UnmanagedCallersOnly(EntryPoint = "cuEventSynchronize")]
    private static CudaResult EventSynchronize(nint @event) => Check(@event);

    [UnmanagedCallersOnly(EntryPoint = "cuEventElapsedTime")]
    private static CudaResult EventElapsedTime(float* milliseconds, nint start, nint end)
    {
        if (Find<CudaEvent>(start)?.Recorded is not { } from || Find<CudaEvent>(end)?.Recorded is not { } to)
            return Fail(CudaResult.InvalidHandle, "the time between events that are not recorded");
        *milliseconds = (float)Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
        return CudaResult.Success;
    }

    private static CudaResult Check(nint @event) => Find<CudaEvent>(@event) is not null
        ? CudaResult.Success : Fail(CudaResult.InvalidHandle, $"no event has handle 0x{@event:x}");
}
