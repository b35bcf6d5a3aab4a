using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Ist.Ptx.Tests.Ilgpu;

/// <summary>What ILGPU asks the driver: the device, memory, streams, events, faults.</summary>
[Collection(DeviceCollection.Name)]
public sealed class IlgpuDriverTests
{
    [Theory]
    [InlineData(8, 0)]
    [InlineData(9, 0)]
    public void The_device_is_as_its_options_say(int major, int minor)
    {
        using var device = new IlgpuDevice(new PtxDeviceOptions { Capability = (major, minor), TotalMemory = 1 << 26, Name = "Test 7" });
        Assert.Equal("Test 7", device.Accelerator.Name);
        Assert.Equal(new CudaArchitecture(major, minor), device.Accelerator.Architecture);
        Assert.Equal(1 << 26, device.Accelerator.MemorySize);
        Assert.Equal(32, device.Accelerator.WarpSize);
        Assert.Equal(1024, device.Accelerator.MaxNumThreadsPerGroup);
    }

    [Fact]
    public void Too_little_memory_is_told_and_freed_memory_comes_back()
    {
        using var device = new IlgpuDevice(new PtxDeviceOptions { TotalMemory = 1 << 20 });
        using (device.Accelerator.Allocate1D<byte>(1 << 20))
        {
            var full = Assert.ThrowsAny<Exception>(() => device.Accelerator.Allocate1D<byte>(1));
            Assert.Contains("1 more don't fit", full.Message + full.InnerException?.Message, StringComparison.Ordinal);
        }
        Assert.Equal(0, device.Device.UsedMemory);
        device.Accelerator.Allocate1D<byte>(1 << 20).Dispose();
    }

    [Fact]
    public void Memory_is_set_and_copied_by_streams()
    {
        using var device = new IlgpuDevice();
        using var stream = device.Accelerator.CreateStream();
        using var a = device.Accelerator.Allocate1D<int>(100);
        using var b = device.Accelerator.Allocate1D<int>(100);
        a.MemSetToZero(stream);
        a.View.SubView(10, 3).CopyFromCPU(stream, [1, 2, 3]);
        b.View.CopyFrom(stream, a.View);
        stream.Synchronize();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i is >= 10 and < 13 ? i - 9 : 0), b.GetAsArray1D());
    }

    [Fact]
    public void Events_measure_time()
    {
        using var device = new IlgpuDevice();
        using var stream = device.Accelerator.CreateStream();
        using var context = Context.Create(builder => builder.Cuda().Profiling());
        using var accelerator = context.CreateCudaAccelerator(0);
        using var profiled = accelerator.CreateStream();
        using var from = profiled.AddProfilingMarker();
        Thread.Sleep(20);
        using var to = profiled.AddProfilingMarker();
        profiled.Synchronize();
        Assert.InRange(to - from, TimeSpan.FromMilliseconds(19), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_fault_of_a_kernel_is_the_exception_of_its_launch()
    {
        using var device = new IlgpuDevice();
        using var x = device.Accelerator.Allocate1D<int>(10);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>>(BeyondKernel);

        var fault = Assert.Throws<CudaException>(() => kernel(new KernelConfig(1, 11), x.View));

        Assert.Contains("thread (10, 0, 0): 4 bytes out of bounds of global memory, at byte 40 of an allocation of 40 bytes", fault.Message, StringComparison.Ordinal);
        Assert.Equal(fault.Message, device.Device.LastFault!.Message);
        // The device goes on.
        kernel(new KernelConfig(1, 10), x.View);
        Assert.Equal(Enumerable.Range(0, 10), x.GetAsArray1D());
    }

    [Fact]
    public void Memory_that_nobody_has_written_can_not_be_copied_to_the_host()
    {
        using var device = new IlgpuDevice();
        using var x = device.Accelerator.Allocate1D<int>(10);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>>(BeyondKernel);
        kernel(new KernelConfig(1, 9), x.View);
        var fault = Assert.Throws<CudaException>(() => x.GetAsArray1D());
        Assert.Contains("never written: byte 36 of an allocation of 40 bytes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_barrier_is_found_in_what_ILGPU_makes_of_it()
    {
        using var device = new IlgpuDevice();
        using var x = device.Accelerator.Allocate1D<int>(64);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>>(RacingKernel);
        Assert.Contains("a race in shared memory", Assert.Throws<CudaException>(() => kernel(new KernelConfig(1, 64), x.View)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_may_have_1024_threads_and_no_more()
    {
        using var device = new IlgpuDevice();
        using var x = device.Accelerator.Allocate1D<int>(2000);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>>(BeyondKernel);
        kernel(new KernelConfig(1, 1024), x.View);
        Assert.ThrowsAny<Exception>(() => kernel(new KernelConfig(1, 1025), x.View));
    }

    [Fact]
    public void There_is_no_cuBLAS()
    {
        Assert.SkipWhen(System.Runtime.InteropServices.NativeLibrary.TryLoad("libcublas.so.12", out _), "needs a machine without cuBLAS");
        using var device = new IlgpuDevice();
        Assert.ThrowsAny<Exception>(() => new CuBlas(device.Accelerator));
    }

    private static void BeyondKernel(ArrayView<int> x) => x[Group.IdxX] = Group.IdxX;

    private static void RacingKernel(ArrayView<int> x)
    {
        var cells = SharedMemory.Allocate<int>(64);
        cells[Group.IdxX] = Group.IdxX;
        if (Group.IdxX >= 32)
            x[Group.IdxX] = cells[63 - Group.IdxX];
    }
}
