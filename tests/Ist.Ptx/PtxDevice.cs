using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ist.Ptx.Driver;
using Ist.Ptx.Memory;

namespace Ist.Ptx;

/// <summary>
/// A CUDA device that executes PTX on the host and checks all that it does. <see cref="Install"/> makes it the device that this process finds through the
/// CUDA driver; without that, kernels run through <see cref="Load"/>.
/// </summary>
public sealed class PtxDevice
{
    private const string OptionsVariable = "IST_PTX_DEVICE";

    private long _launches;

    /// <summary>A device of its own, which no driver knows.</summary>
    public PtxDevice(PtxDeviceOptions? options = null)
    {
        Options = options ?? new PtxDeviceOptions();
        Memory = new DeviceMemory(Options.TotalMemory);
    }

    /// <summary>Why no device can be installed here, in words for a skipped test; null where one can.</summary>
    public static string? Missing => StubLibrary.Missing;

    /// <summary>What the device says of itself.</summary>
    public PtxDeviceOptions Options { get; }

    /// <summary>The last fault of a kernel; also the text of the exception that the launch threw.</summary>
    public PtxException? LastFault { get; internal set; }

    /// <summary>Bytes that are allocated now.</summary>
    public long UsedMemory => Memory.UsedBytes;

    /// <summary>Kernels launched so far.</summary>
    public long Launches => Interlocked.Read(ref _launches);

    internal DeviceMemory Memory { get; }

    /// <summary>Makes a new device that of the CUDA driver in this process; an earlier one goes with all that it held.</summary>
    /// <exception cref="InvalidOperationException">There is a reason in <see cref="Missing"/>, or another driver is loaded already.</exception>
    public static PtxDevice Install(PtxDeviceOptions? options = null)
    {
        var device = new PtxDevice(options);
        StubLibrary.Load();
        CudaDriver.Device = device;
        if (device.Options.HasCublas)
            StubLibrary.LoadCublas();
        return device;
    }

    /// <summary>The environment variables with which a .NET program, such as `ist` itself, finds such a device when it starts.</summary>
    public static IReadOnlyDictionary<string, string> Environment(PtxDeviceOptions? options = null) => new Dictionary<string, string>
    {
        ["DOTNET_STARTUP_HOOKS"] = typeof(PtxDevice).Assembly.Location,
        [OptionsVariable] = (options ?? new PtxDeviceOptions()).ToString(),
    };

    /// <summary>Loads a module.</summary>
    /// <exception cref="PtxException">The text is no PTX that is known here.</exception>
    public PtxModule Load(string ptx) => new(this, ptx);

    /// <summary>Allocates memory that nobody has written.</summary>
    /// <returns>The address.</returns>
    /// <exception cref="OutOfMemoryException">The device has not that much.</exception>
    public ulong Allocate(long bytes) => Memory.Allocate(bytes)?.Address
        ?? throw new OutOfMemoryException($"the device has {Options.TotalMemory} bytes, {UsedMemory} in use; {bytes} more don't fit");

    /// <summary>Allocates memory and writes values there.</summary>
    /// <returns>The address.</returns>
    public unsafe ulong Allocate<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        ulong address = Allocate((long)values.Length * sizeof(T));
        values.CopyTo(new Span<T>((void*)address, values.Length));
        Memory.Find(address)!.MarkWritten(0, (long)values.Length * sizeof(T));
        return address;
    }

    /// <summary>Reads values of the device's memory, written or not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not all in one allocation.</exception>
    public unsafe T[] Read<T>(ulong address, int count) where T : unmanaged => Memory.Find(address) is { IsFreed: false } found && found.Holds(address, (long)count * sizeof(T))
        ? new ReadOnlySpan<T>((void*)address, count).ToArray()
        : throw new ArgumentOutOfRangeException(nameof(address));

    /// <summary>Frees memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing is allocated there.</exception>
    public void Free(ulong address)
    {
        if (!Memory.Free(address))
            throw new ArgumentOutOfRangeException(nameof(address));
    }

    internal static void InstallFromEnvironment() =>
        Install(PtxDeviceOptions.Parse(System.Environment.GetEnvironmentVariable(OptionsVariable) ?? new PtxDeviceOptions().ToString()));

    /// <summary>Which launch begins, from 1.</summary>
    internal long CountLaunch() => Interlocked.Increment(ref _launches);
}
