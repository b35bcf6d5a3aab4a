using Ist.Runtime.Devices;

namespace Ist.Cli.Planning;

/// <summary>The memory that a run has where it computes.</summary>
/// <param name="Device">What has it, in words.</param>
/// <param name="Available">Bytes that can be taken.</param>
/// <param name="Runtime">Bytes that the process takes there beside its plan; 0 on a card.</param>
internal sealed record DeviceMemory(string Device, long Available, long Runtime)
{
    /// <summary>That of a device, as it is now.</summary>
    public static DeviceMemory Of(Device device) => device is IlgpuDevice card
        ? new DeviceMemory(card.Name, card.FreeBytes, 0)
        : new DeviceMemory(device.Name, HostMemory.Available, HostMemory.RuntimeBytes(((CpuDevice)device).Threads));

    /// <summary>Bytes that a run takes.</summary>
    public long Needed(MemoryPlan plan) => plan.Total + Runtime;

    /// <summary>Whether a run has room.</summary>
    public bool Fits(MemoryPlan plan) => Needed(plan) <= Available;
}
