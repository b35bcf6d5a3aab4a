using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>The CUDA driver's library, which comes with the driver and not with Ist.</summary>
internal static class CudaDriver
{
    // The name that ILGPU imports from. The driver's own file on Linux has a version, and the bare name is there only with some packages.
    private const string Imported = "cuda";

    private static readonly string[] _files = OperatingSystem.IsWindows() ? ["nvcuda.dll"] : ["libcuda.so.1", "libcuda.so"];

    static CudaDriver() =>
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Imported && TryLoad(out nint library) ? library : 0;

    /// <summary>The file that a machine with a driver has.</summary>
    public static string FileName => _files[0];

    /// <summary>Loads the library, where it is there.</summary>
    public static bool TryLoad(out nint library)
    {
        foreach (string file in _files)
        {
            if (NativeLibrary.TryLoad(file, typeof(CudaDriver).Assembly, null, out library))
                return true;
        }
        library = 0;
        return false;
    }
}
