namespace Ist.Ptx.Driver;

/// <summary>CUdevice_attribute: a device like a small H100 or A100. Features that are not listed are not there: 0.</summary>
internal static class DeviceAttributes
{
    public const int MaxThreadsPerBlock = 1024;
    public const int MaxThreadsPerMultiprocessor = 2048;

    public static int Value(PtxDeviceOptions options, int attribute) => attribute switch
    {
        1 => MaxThreadsPerBlock,
        2 or 3 => 1024, // block, x and y
        4 => 64, // block, z
        5 => int.MaxValue, // grid, x
        6 or 7 => 65535, // grid, y and z
        8 => CudaFunction.DefaultSharedMemory,
        9 => 64 << 10, // constant memory
        10 => 32, // warp
        11 => int.MaxValue, // pitch
        12 or 82 => 65536, // registers of a block, of a multiprocessor
        13 => 1_500_000, // clock, kHz
        14 => 512, // alignment of textures
        16 => options.Multiprocessors,
        19 or 31 or 41 or 91 => 1, // maps host memory, concurrent kernels, one address space, host pointers of registered memory
        33 => 1, // PCI bus
        36 => 2_000_000, // memory clock, kHz
        37 => 5120, // bus, bits
        38 => 50 << 20, // second cache
        39 => MaxThreadsPerMultiprocessor,
        40 => 2, // copy engines
        75 => options.Capability.Major,
        76 => options.Capability.Minor,
        81 => options.MaxSharedMemory + 1024, // shared memory of a multiprocessor
        97 => options.MaxSharedMemory,
        _ => 0,
    };
}
