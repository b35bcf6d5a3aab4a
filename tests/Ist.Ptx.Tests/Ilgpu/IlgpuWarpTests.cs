using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Ist.Ptx.Tests.Ilgpu;

/// <summary>Softmax by shuffles, atomics, switches, functions, and other forms that ILGPU has for them.</summary>
[Collection(DeviceCollection.Name)]
public sealed class IlgpuWarpTests
{
    [Theory]
    [InlineData(OptimizationLevel.O1)]
    [InlineData(OptimizationLevel.O2)]
    public void Softmax_of_a_row_by_a_warp(OptimizationLevel level)
    {
        const int rows = 8, width = 100;
        using var device = new IlgpuDevice(level: level);
        var random = new Random(3);
        float[] values = [.. Enumerable.Range(0, rows * width).Select(_ => (random.NextSingle() * 20) - 10)];
        using var x = device.Upload(values);
        using var y = device.Accelerator.Allocate1D<float>(values.Length);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int>(SoftmaxKernel);

        kernel(new KernelConfig(rows, 32), x.View, y.View, width);

        float[] result = y.GetAsArray1D();
        for (int row = 0; row < rows; row++)
        {
            double[] exponentials = [.. values.Skip(row * width).Take(width).Select(v => Math.Exp(v))];
            for (int i = 0; i < width; i++)
                // The exponent of up to 30 is rounded to 24 bits before 2^x, which has an error of its own: about 4e-6 was measured.
                Assert.Equal(exponentials[i] / exponentials.Sum(), result[(row * width) + i], 1e-5 * exponentials[i] / exponentials.Sum());
        }
    }

    [Fact]
    public void Histogram_by_atomics()
    {
        using var device = new IlgpuDevice();
        int[] values = [.. Enumerable.Range(0, 5000).Select(i => i * i % 10)];
        using var x = device.Upload(values);
        using var counts = device.Upload(new int[10]);
        using var sum = device.Upload(0f);
        var kernel = device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>, ArrayView<int>, ArrayView<float>>(HistogramKernel);

        kernel(values.Length, x.View, counts.View, sum.View);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => values.Count(v => v == i)), counts.GetAsArray1D());
        Assert.Equal(values.Sum(), sum.GetAsArray1D()[0]);
    }

    [Fact]
    public void Switches_calls_local_arrays_and_barriers_with_predicates()
    {
        using var device = new IlgpuDevice();
        using var y = device.Accelerator.Allocate1D<int>(64);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>, int>(MixedKernel);

        kernel(new KernelConfig(1, 64), y.View, 3);

        Assert.Equal(Enumerable.Range(0, 64).Select(Mixed), y.GetAsArray1D());

        static int Mixed(int t)
        {
            int value = (t % 5) switch { 0 => 10, 1 => t * 3, 2 => t - 7, 3 => 1 << (t % 8), _ => -1 };
            return value + (t * t * 3) + Enumerable.Range(0, 64).Count(i => i % 3 == 0);
        }
    }

    [Fact]
    public void All_lanes_sum_through_the_algorithms_library()
    {
        using var device = new IlgpuDevice();
        using var y = device.Accelerator.Allocate1D<int>(64);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>>(ReduceKernel);

        kernel(new KernelConfig(1, 64), y.View);

        Assert.Equal(Enumerable.Range(0, 64).Select(t => (t < 32 ? 496 : 1520) + 2016), y.GetAsArray1D());
    }

    private static void SoftmaxKernel(ArrayView<float> x, ArrayView<float> y, int width)
    {
        int first = Grid.IdxX * width, lane = Group.IdxX;
        float largest = float.NegativeInfinity;
        for (int i = lane; i < width; i += 32)
            largest = XMath.Max(largest, x[first + i]);
        for (int offset = 16; offset > 0; offset >>= 1)
            largest = XMath.Max(largest, Warp.ShuffleXor(largest, offset));
        float sum = 0;
        for (int i = lane; i < width; i += 32)
            sum += XMath.Exp(x[first + i] - largest);
        for (int offset = 16; offset > 0; offset >>= 1)
            sum += Warp.ShuffleXor(sum, offset);
        for (int i = lane; i < width; i += 32)
            y[first + i] = XMath.Exp(x[first + i] - largest) / sum;
    }

    private static void HistogramKernel(Index1D i, ArrayView<int> x, ArrayView<int> counts, ArrayView<float> sum)
    {
        Atomic.Add(ref counts[x[i]], 1);
        Atomic.Add(ref sum[0], x[i]);
    }

    private static void MixedKernel(ArrayView<int> y, int factor)
    {
        int t = Group.IdxX;
        int value = (t % 5) switch
        {
            0 => 10,
            1 => t * 3,
            2 => t - 7,
            3 => 1 << (t % 8),
            _ => -1,
        };
        var squares = LocalMemory.Allocate1D<int>(4);
        for (int i = 0; i < 4; i++)
            squares[i] = Square(t) * i;
        int thirds = Group.BarrierPopCount(t % 3 == 0);
        y[t] = value + squares[factor] + thirds;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static int Square(int x) => x * x;

    private static void ReduceKernel(ArrayView<int> y) =>
        y[Group.IdxX] = ILGPU.Algorithms.WarpExtensions.AllReduce<int, ILGPU.Algorithms.ScanReduceOperations.AddInt32>(Group.IdxX)
            + GroupExtensions.AllReduce<int, ILGPU.Algorithms.ScanReduceOperations.AddInt32>(Group.IdxX);
}
