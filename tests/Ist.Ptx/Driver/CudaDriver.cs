using System.Runtime.InteropServices;
using System.Text;

namespace Ist.Ptx.Driver;

/// <summary>What the driver's functions do here; the stub library calls them. This file: errors, and handles.</summary>
internal static unsafe partial class CudaDriver
{
    private static readonly Dictionary<nint, object> s_handles = [];
    private static nint s_lastHandle = 0x1000;

    // Programs show what cuGetErrorString says, so the error of a thread is told there with all that is known of it.
    [ThreadStatic]
    private static (CudaResult Result, nint Text) s_lastError;

    /// <summary>The device of this process.</summary>
    public static PtxDevice Device { get; set; } = null!;

    private static CudaResult Fail(CudaResult result, string why)
    {
        Marshal.FreeCoTaskMem(s_lastError.Text);
        s_lastError = (result, Marshal.StringToCoTaskMemUTF8(why));
        return result;
    }

    private static nint Add(object value)
    {
        lock (s_handles)
        {
            s_lastHandle += 16;
            s_handles.Add(s_lastHandle, value);
            return s_lastHandle;
        }
    }

    private static T? Find<T>(nint handle) where T : class
    {
        lock (s_handles)
            return s_handles.GetValueOrDefault(handle) as T;
    }

    private static CudaResult Remove<T>(nint handle) where T : class
    {
        lock (s_handles)
            return s_handles.GetValueOrDefault(handle) is T && s_handles.Remove(handle) ? CudaResult.Success : Fail(CudaResult.InvalidHandle, $"no {typeof(T).Name} has handle 0x{handle:x}");
    }

    [UnmanagedCallersOnly(EntryPoint = "cuGetErrorString")]
    private static CudaResult GetErrorString(CudaResult error, nint* text)
    {
        *text = s_lastError.Result == error && s_lastError.Text != 0 ? s_lastError.Text : Name(error);
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
        lock (s_names)
        {
            if (!s_names.TryGetValue(error, out nint text))
                s_names.Add(error, text = Marshal.StringToCoTaskMemUTF8(error.ToString()));
            return text;
        }
    }

    private static readonly Dictionary<CudaResult, nint> s_names = [];
}
