namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Addresses of BF16 values where pointers are to floats: twice the real address, and a bit that no address has. A step over a float of four bytes
/// is then one over a BF16 of two, and an address that is a multiple of 16 is one of 8 bytes, of four values either way. Who reads or writes there
/// must know; a view of floats is refused (<see cref="IlgpuDevice.View{T}"/>).
/// </summary>
internal static unsafe class BFloat16Address
{
    // Neither the driver's addresses nor twice as much reach it.
    private const long Tag = 1L << 62;

    /// <summary>What stands for BF16 values at a real address.</summary>
    public static float* Of(void* real) => (float*)(2 * (long)real | Tag);

    /// <summary>Whether there are BF16 values at an address, and not floats.</summary>
    public static bool Is(void* address) => ((long)address & Tag) != 0;

    /// <summary>Where the values really are.</summary>
    public static ushort* Real(void* address) => (ushort*)(((long)address & ~Tag) / 2);
}
