using System.Runtime.InteropServices;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Driver;

/// <summary>Modules, functions and launches.</summary>
internal static unsafe partial class CudaDriver
{
    [UnmanagedCallersOnly(EntryPoint = "cuModuleLoadData")]
    private static CudaResult ModuleLoad(nint* module, nint image) => LoadModule(module, image);

    [UnmanagedCallersOnly(EntryPoint = "cuModuleLoadDataEx")]
    private static CudaResult ModuleLoadWithOptions(nint* module, nint image, uint count, nint options, nint values) => LoadModule(module, image);

    [UnmanagedCallersOnly(EntryPoint = "cuModuleUnload")]
    private static CudaResult ModuleUnload(nint module)
    {
        Find<PtxModule>(module)?.Dispose();
        return Remove<PtxModule>(module);
    }

    [UnmanagedCallersOnly(EntryPoint = "cuModuleGetFunction")]
    private static CudaResult ModuleGetFunction(nint* function, nint module, nint name)
    {
        if (Find<PtxModule>(module) is not { } found)
            return Fail(CudaResult.InvalidHandle, $"no module has handle 0x{module:x}");
        string text = Marshal.PtrToStringUTF8(name)!;
        if (!found.Kernels.Contains(text))
            return Fail(CudaResult.NotFound, $"the module has no kernel '{text}'");
        try
        {
            *function = Add(new CudaFunction(found, found.Find(text)));
            return CudaResult.Success;
        }
        catch (PtxException fault)
        {
            return Fail(CudaResult.InvalidPtx, $"kernel {text}, {fault.Message}");
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "cuFuncGetAttribute")]
    private static CudaResult FunctionGetAttribute(int* value, int attribute, nint function)
    {
        if (Find<CudaFunction>(function) is not { } found)
            return Fail(CudaResult.InvalidHandle, $"no function has handle 0x{function:x}");
        const int MaxThreads = 0, SharedBytes = 1, LocalBytes = 3, MaxDynamicSharedBytes = 8;
        int? known = attribute switch
        {
            MaxThreads => (int)(found.Kernel.MaxThreads?.Count ?? DeviceAttributes.MaxThreadsPerBlock),
            SharedBytes => found.Kernel.StaticSharedBytes,
            LocalBytes => found.Kernel.LocalBytes,
            MaxDynamicSharedBytes => found.MaxDynamicSharedBytes,
            _ => null,
        };
        *value = known ?? 0;
        return known is null ? Fail(CudaResult.NotSupported, $"function attribute {attribute}") : CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuFuncSetAttribute")]
    private static CudaResult FunctionSetAttribute(nint function, int attribute, int value)
    {
        const int MaxDynamicSharedBytes = 8, PreferredSharedCarveout = 9;
        if (Find<CudaFunction>(function) is not { } found)
            return Fail(CudaResult.InvalidHandle, $"no function has handle 0x{function:x}");
        if (attribute == PreferredSharedCarveout)
            return CudaResult.Success;
        if (attribute != MaxDynamicSharedBytes)
            return Fail(CudaResult.NotSupported, $"function attribute {attribute}");
        if (value < 0 || value + found.Kernel.StaticSharedBytes > Device.Options.MaxSharedMemory)
            return Fail(CudaResult.InvalidValue, $"{value} bytes of dynamic and {found.Kernel.StaticSharedBytes} of static shared memory: a block has at most {Device.Options.MaxSharedMemory}");
        found.MaxDynamicSharedBytes = value;
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuLaunchKernel")]
    private static CudaResult LaunchKernel(
        nint function, int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, uint sharedBytes, nint stream, nint* parameters, nint* extra)
    {
        if (Find<CudaFunction>(function) is not { } found)
            return Fail(CudaResult.InvalidHandle, $"no function has handle 0x{function:x}");
        var (kernel, grid, threads) = (found.Kernel, new Index3(gridX, gridY, gridZ), new Index3(blockX, blockY, blockZ));
        if (Refusal(found, grid, threads, sharedBytes) is { } why)
            return Fail(CudaResult.InvalidValue, $"kernel {kernel.Name} can't be launched: {why}");
        try
        {
            found.Module.Launch(kernel, grid, threads, (int)sharedBytes, Arguments(kernel, parameters, extra));
            return CudaResult.Success;
        }
        catch (PtxException fault)
        {
            return Fail(CudaResult.LaunchFailed, fault.Message);
        }
        catch (ArgumentException wrong)
        {
            return Fail(CudaResult.InvalidValue, wrong.Message);
        }
        catch (Exception defect)
        {
            // No exception may pass through the driver's caller; one of another kind is a defect of this device.
            return Fail(CudaResult.LaunchFailed, $"the PTX test device itself failed: {defect}");
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "cuOccupancyMaxActiveBlocksPerMultiprocessor")]
    private static CudaResult MaxActiveBlocks(int* blocks, nint function, int threads, nuint sharedBytes)
    {
        if (Find<CudaFunction>(function) is not { } found || threads <= 0)
            return Fail(CudaResult.InvalidValue, "the occupancy of no function or no threads");
        int shared = found.Kernel.StaticSharedBytes + (int)sharedBytes;
        int byThreads = DeviceAttributes.MaxThreadsPerMultiprocessor / threads;
        *blocks = shared == 0 ? byThreads : Math.Min(byThreads, Device.Options.MaxSharedMemory / shared);
        return CudaResult.Success;
    }

    [UnmanagedCallersOnly(EntryPoint = "cuOccupancyMaxPotentialBlockSize")]
    private static CudaResult MaxPotentialBlockSize(int* grid, int* threads, nint function, nint bytesOfThreads, nuint sharedBytes, int limit)
    {
        if (Find<CudaFunction>(function) is not { } found)
            return Fail(CudaResult.InvalidHandle, $"no function has handle 0x{function:x}");
        int most = (int)(found.Kernel.MaxThreads?.Count ?? DeviceAttributes.MaxThreadsPerBlock);
        *threads = limit > 0 ? Math.Min(limit, most) : most;
        *grid = Device.Options.Multiprocessors * (DeviceAttributes.MaxThreadsPerMultiprocessor / *threads);
        return CudaResult.Success;
    }

    private static CudaResult LoadModule(nint* module, nint image)
    {
        try
        {
            *module = Add(Device.Load(Marshal.PtrToStringUTF8(image)!));
            return CudaResult.Success;
        }
        catch (PtxException fault)
        {
            return Fail(CudaResult.InvalidPtx, fault.Message);
        }
        catch (OutOfMemoryException full)
        {
            return Fail(CudaResult.OutOfMemory, full.Message);
        }
    }

    private static string? Refusal(CudaFunction function, Index3 grid, Index3 threads, uint sharedBytes)
    {
        if (grid.X <= 0 || grid.Y is <= 0 or > 65535 || grid.Z is <= 0 or > 65535)
            return $"a grid of {grid} blocks";
        if (threads.X is <= 0 or > 1024 || threads.Y is <= 0 or > 1024 || threads.Z is <= 0 or > 64 || threads.Count > DeviceAttributes.MaxThreadsPerBlock)
            return $"a block of {threads} threads";
        if (function.Kernel.MaxThreads is { } most && threads.Count > most.Count)
            return $"a block of {threads} threads, where the kernel says .maxntid {most}";
        return sharedBytes > function.MaxDynamicSharedBytes
            ? $"{sharedBytes} bytes of dynamic shared memory, where it may have {function.MaxDynamicSharedBytes}; more needs cuFuncSetAttribute" : null;
    }

    /// <summary>The parameters as the kernel lays them out: given as pointers to each, or as one buffer.</summary>
    private static byte[] Arguments(Kernel kernel, nint* parameters, nint* extra)
    {
        byte[] buffer = new byte[kernel.ParameterBytes];
        if (parameters is not null)
        {
            for (int i = 0; i < kernel.Parameters.Count; i++)
                new ReadOnlySpan<byte>((void*)parameters[i], kernel.Parameters[i].Bytes).CopyTo(buffer.AsSpan(kernel.Parameters[i].Offset));
            return buffer;
        }
        const int Pointer = 1, Size = 2;
        (nint from, nint bytes) = (0, 0);
        for (; extra is not null && *extra != 0; extra += 2)
        {
            if (*extra == Pointer)
                from = extra[1];
            else if (*extra == Size)
                bytes = *(nint*)extra[1];
        }
        if (bytes < buffer.Length)
            throw new ArgumentException($"kernel {kernel.Name} has {buffer.Length} bytes of parameters, and was given {bytes}");
        new ReadOnlySpan<byte>((void*)from, buffer.Length).CopyTo(buffer);
        return buffer;
    }
}
