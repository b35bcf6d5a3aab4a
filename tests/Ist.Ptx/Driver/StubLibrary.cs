using System.Reflection;
using System.Runtime.InteropServices;

namespace Ist.Ptx.Driver;

/// <summary>
/// The shared library that takes the place of the CUDA driver. Loaded by its path first, it answers to the driver's names for whoever
/// asks later, because the loader of the system knows what is loaded by these names.
/// </summary>
internal static unsafe class StubLibrary
{
    private static readonly string[] _names = ["libcuda.so", "libcuda.so.1"];
    private static readonly Lock _lock = new();
    private static bool _loaded;

    private static string Folder => Path.Combine(Path.GetDirectoryName(typeof(StubLibrary).Assembly.Location)!, "cuda");

    public static string? Missing => !OperatingSystem.IsLinux() ? "the PTX test device needs Linux"
        : _names.All(name => File.Exists(Path.Combine(Folder, name))) ? null : "the PTX test device needs a C compiler, cc, when it is built";

    public static void Load()
    {
        lock (_lock)
        {
            if (_loaded)
                return;
            if (Missing is { } reason)
                throw new InvalidOperationException(reason);
            foreach (string name in _names)
            {
                nint library = NativeLibrary.Load(Path.Combine(Folder, name));
                nint found = NativeLibrary.Load(name);
                if (NativeLibrary.GetExport(found, "cuInit") != NativeLibrary.GetExport(library, "cuInit"))
                    throw new InvalidOperationException($"another {name} is loaded already: install the PTX test device before anything looks for CUDA");
                Register(library);
            }
            _loaded = true;
        }
    }

    /// <summary>Makes the stub of cuBLAS what this process finds under its name.</summary>
    public static void LoadCublas()
    {
        nint library = NativeLibrary.Load(Path.Combine(Folder, "libcublas.so.13"));
        ((delegate* unmanaged<delegate* unmanaged<ulong, nuint, int, int>, void>)NativeLibrary.GetExport(library, "ist_ptx_register_access"))(&CudaDriver.Access);
    }

    private static void Register(nint library)
    {
        var register = (delegate* unmanaged<byte*, nint, int>)NativeLibrary.GetExport(library, "ist_ptx_register");
        foreach (var method in typeof(CudaDriver).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        {
            if (method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>() is not { EntryPoint: { } name })
                continue;
            fixed (byte* text = System.Text.Encoding.ASCII.GetBytes(name + "\0"))
            {
                if (register(text, method.MethodHandle.GetFunctionPointer()) != 0)
                    throw new InvalidOperationException($"the stub has no {name}");
            }
        }
    }
}
