using System.Diagnostics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Ist.Ptx.Tests.Ilgpu;

/// <summary>Kernels that ILGPU compiles, through its own driver calls.</summary>
[Collection(DeviceCollection.Name)]
public sealed class IlgpuKernelTests(ITestOutputHelper output)
{
    private const int Tile = 16;

    [Theory]
    [InlineData(OptimizationLevel.O0)]
    [InlineData(OptimizationLevel.O1)]
    [InlineData(OptimizationLevel.O2)]
    public void Adds_vectors(OptimizationLevel level)
    {
        using var device = new IlgpuDevice(level: level);
        float[] left = [.. Enumerable.Range(0, 1000).Select(i => i * 0.25f)];
        float[] right = [.. Enumerable.Range(0, 1000).Select(i => MathF.Sin(i))];
        using var a = device.Upload(left);
        using var b = device.Upload(right);
        using var c = device.Accelerator.Allocate1D<float>(1000);
        var kernel = device.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>>(AddKernel);

        kernel(1000, a.View, b.View, c.View);
        device.Accelerator.Synchronize();

        Assert.Equal(left.Zip(right, (x, y) => x + y), c.GetAsArray1D());
    }

    [Fact]
    public void Multiplies_matrices_in_tiles_with_the_bits_of_plain_code()
    {
        const int n = 256;
        using var device = new IlgpuDevice();
        var random = new Random(1);
        float[] left = [.. Enumerable.Range(0, n * n).Select(_ => random.NextSingle() - 0.5f)];
        float[] right = [.. Enumerable.Range(0, n * n).Select(_ => random.NextSingle() - 0.5f)];
        using var a = device.Upload(left);
        using var b = device.Upload(right);
        using var c = device.Accelerator.Allocate1D<float>(n * n);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, int>(ProductKernel);
        for (int i = 0; i < 3; i++)
        {
            var (clock, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            kernel(new KernelConfig(new Index2D(n / Tile, n / Tile), new Index2D(Tile, Tile)), a.View, b.View, c.View, n);
            device.Accelerator.Synchronize();
            output.WriteLine($"{n}x{n}x{n}: {clock.Elapsed.TotalSeconds:f3} s, of processors {(Environment.CpuUsage.TotalTime - used).TotalSeconds:f3} s");
        }

        float[] product = c.GetAsArray1D();

        for (int i = 0; i < n; i += 15)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int k = 0; k < n; k++)
                    sum += left[(i * n) + k] * right[(k * n) + j];
                Assert.Equal(sum, product[(i * n) + j]);
            }
        }
    }

    private static void AddKernel(Index1D i, ArrayView<float> a, ArrayView<float> b, ArrayView<float> c) => c[i] = a[i] + b[i];

    private static void ProductKernel(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int n)
    {
        var left = SharedMemory.Allocate2D<float, Stride2D.DenseX>(new Index2D(Tile, Tile), new Stride2D.DenseX(Tile));
        var right = SharedMemory.Allocate2D<float, Stride2D.DenseX>(new Index2D(Tile, Tile), new Stride2D.DenseX(Tile));
        int x = Group.IdxX, y = Group.IdxY;
        int row = (Grid.IdxY * Tile) + y, column = (Grid.IdxX * Tile) + x;
        float sum = 0;
        for (int k = 0; k < n; k += Tile)
        {
            left[y, x] = a[(row * n) + k + x];
            right[y, x] = b[((k + y) * n) + column];
            Group.Barrier();
            for (int i = 0; i < Tile; i++)
                sum += left[y, i] * right[i, x];
            Group.Barrier();
        }
        c[(row * n) + column] = sum;
    }
}
