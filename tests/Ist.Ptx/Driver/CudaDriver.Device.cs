using System.Runtime.InteropServices;
using System.Text;

namespace Ist.Ptx.Driver;

/// <summary>The device and its contexts; there is one device, and contexts share its memory.</summary>
internal static unsafe partial class CudaDriver
{
    [ThreadStatic]
    private static nint _context;

    [UnmanagedCallersOnly(EntryPoint = "cuInit")]
    private static CudaResult Initialize(uint flags) => CudaResult.Success;

    [UnmanagedCallersOnly(EntryPoint = "cuDriverGetVersion")]
    private static CudaResult DriverGetVersion(int* version)
    {
        *version = Device.Options.DriverVersion;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetCount")]
    private static CudaResult DeviceGetCount(int* count)
    {
        *count = 1;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGet")]
    private static CudaResult DeviceGet(int* device, int ordinal)
    {
        *device = ordinal;
        return ordinal == 0 ? CudaResult.Success : Fail(CudaResult.InvalidDevice, $"there is no device {ordinal}");
    }

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetName")]
    private static CudaResult DeviceGetName(byte* name, int length, int device)
    {
        var to = new Span<byte>(name, length);
        to.Clear();
        Encoding.UTF8.GetBytes(Device.Options.Name).AsSpan(0, Math.Min(length - 1, Encoding.UTF8.GetByteCount(Device.Options.Name))).CopyTo(to);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceTotalMem_v2")]
    private static CudaResult DeviceTotalMemory(nuint* bytes, int device)
    {
        *bytes = (nuint)Device.Options.TotalMemory;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceGetAttribute")]
    private static CudaResult DeviceGetAttribute(int* value, int attribute, int device)
    {
        *value = DeviceAttributes.Value(Device.Options, attribute);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuDeviceCanAccessPeer")]
    private static CudaResult DeviceCanAccessPeer(int* can, int device, int peer)
    {
        *can = 0;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuCtxCreate_v2")]
    private static CudaResult ContextCreate(nint* context, uint flags, int device)
    {
        *context = _context = Add(new CudaContext());
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuCtxDestroy_v2")]
    private static CudaResult ContextDestroy(nint context)
    {
        if (_context == context)
            _context = 0;
        return Remove<CudaContext>(context);
    }

    [UnmanagedCallersOnly(EntryPoint = "cuCtxSetCurrent")]
    private static CudaResult ContextSetCurrent(nint context)
    {
        _context = context;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuCtxGetCurrent")]
    private static CudaResult ContextGetCurrent(nint* context)
    {
        *context = _context;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuCtxSynchronize")]
    private static CudaResult ContextSynchronize() => CudaResult.Success;

    [UnmanagedCallersOnly(EntryPoint = "cuCtxGetCacheConfig")]
    private static CudaResult ContextGetCacheConfig(int* config)
    {
        *config = 0;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuCtxSetCacheConfig")]
    private static CudaResult ContextSetCacheConfig(int config) => CudaResult.Success;

    [UnmanagedCallersOnly(EntryPoint = "cuCtxGetSharedMemConfig")]
    private static CudaResult ContextGetSharedMemoryConfig(int* config)
    {
        *config = 0;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuCtxSetSharedMemConfig")]
    private static CudaResult ContextSetSharedMemoryConfig(int config) => CudaResult.Success;
}
