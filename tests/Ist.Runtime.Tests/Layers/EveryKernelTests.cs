using System.Runtime.InteropServices;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Layers;

public sealed class EveryKernelTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public void Has_the_bits_of_one_thread(int threads)
    {
        using EveryKernel one = new(1), many = new(threads);
        for (int i = 0; i < one.Launches.Count; i++)
        {
            one.Launches[i].Launch();
            many.Launches[i].Launch();
        }
        foreach (((string name, float[] expected), (_, float[] actual)) in one.Outputs.Zip(many.Outputs))
        {
            Assert.False(expected.Any(float.IsNaN), $"{name} was not written");
            Assert.True(MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)), $"{name} differs");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Allocates_nothing_once_it_is_warm(int threads)
    {
        using var kernels = new EveryKernel(threads);
        foreach ((string name, Action launch) in kernels.Launches)
        {
            launch();
            launch();
            long bytes = Allocations.Of(launch);
            Assert.True(bytes == 0, $"{name} allocated {bytes} bytes");
        }
    }
}
