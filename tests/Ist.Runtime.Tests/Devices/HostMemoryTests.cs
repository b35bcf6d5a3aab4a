using Ist.Runtime.Devices;

namespace Ist.Runtime.Tests.Devices;

public sealed class HostMemoryTests
{
    [Fact]
    public void There_is_some_and_this_process_has_had_some_of_it()
    {
        Assert.InRange(HostMemory.Available, 1L << 20, 1L << 50);
        Assert.InRange(HostMemory.Peak, Environment.WorkingSet / 2, 1L << 50);
    }

    [Fact]
    public void Each_thread_has_its_scratch() => Assert.Equal(CpuDevice.ScratchBytes, HostMemory.RuntimeBytes(threads: 3) - HostMemory.RuntimeBytes(threads: 2));
}
