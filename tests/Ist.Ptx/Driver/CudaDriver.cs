using System.Runtime.InteropServices;
using System.Text;

namespace Ist.Ptx.Driver;

/// <summary>What the driver's functions do here; the stub library calls them. This file: errors, and handles.</summary>
internal static unsafe partial class CudaDriver
{
    private static readonly Dictionary<nint, object> _handles = [];
    private static nint _lastHandle = 0x1000;

    // Programs show what cuGetErrorString says, so the error of a thread is told there with all that is known of it.
    [ThreadStatic]
    private static (CudaResult Result, nint Text) _lastError;

    /// <summary>The device of this process.</summary>
    public static PtxDevice Device { get; set; } = null!;

    private static CudaResult Fail(CudaResult result, string why)
    {
        Marshal.FreeCoTaskMem(_lastError.Text);
        _lastError = (result, Marshal.StringToCoTaskMemUTF8(why));
        return result;
    }

    private static nint Add(object value)
    {
        lock (_handles)
        {
            _lastHandle += 16;
            _handles.Add(_lastHandle, value);
            return _lastHandle;
        }
    }

    private static T? Find<T>(nint handle) where T : class
    {
        lock (_handles)
            return _handles.GetValueOrDefault(handle) as T;
    }

    private static CudaResult Remove<T>(nint handle) where T : class
    {
        lock (_handles)
            return _handles.GetValueOrDefault(handle) is T && _handles.Remove(handle) ? CudaResult.Success : Fail(CudaResult.InvalidHandle, $"no {typeof(T).Name} has handle 0x{handle:x}");
    }

    [UnmanagedCallersOnly(EntryPoint = "cuGetErrorString")]
    private static CudaResult GetErrorString(CudaResult error, nint* text)
    {
        *text = _lastError.Result == error && _lastError.Text != 0 ? _lastError.Text : Name(error);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuGetErrorName")]
    private static CudaResult GetErrorName(CudaResult error, nint* text)
    {
        *text = Name(error);
        return CudaResult.Success;
    }

    // Names live as long as the process.
    private static nint Name(CudaResult error)
    {
        lock (_names)
        {
            if (!_names.TryGetValue(error, out nint text))
                _names.Add(error, text = Marshal.StringToCoTaskMemUTF8(error.ToString()));
            return text;
        }
    }

    private static readonly Dictionary<CudaResult, nint> _names = [];
}
