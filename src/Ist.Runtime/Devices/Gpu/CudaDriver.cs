using System.Runtime.InteropServices;
using System.Runtime.Loader;
using ILGPU.Runtime.Cuda;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>The CUDA driver's library, which comes with the driver and not with Ist.</summary>
internal static partial class CudaDriver
{
    // The name that ILGPU imports from. The driver's own file on Linux has a version, and the bare name is there only with some packages.
    private const string Imported = "cuda";

    // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES.
    private const int MostDynamicShared = 8;

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

    /// <summary>Lets launches of a kernel take more shared memory than the 48 KiB that every kernel may.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="bytes">What they may take.</param>
    /// <exception cref="RunException">The card has less.</exception>
    public static void AllowShared(CudaKernel kernel, int bytes)
    {
        if (SetAttribute(kernel.FunctionPtr, MostDynamicShared, bytes) is not 0 and var error)
            throw new RunException($"A kernel needs {bytes} bytes of shared memory, which the card does not have (CUDA error {error}); leave --precision out.");
    }

    [LibraryImport(Imported, EntryPoint = "cuFuncSetAttribute")]
    private static partial int SetAttribute(nint kernel, int attribute, int value);
}
