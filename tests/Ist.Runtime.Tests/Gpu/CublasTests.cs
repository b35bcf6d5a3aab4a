using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Layers;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Products that cuBLAS takes, beside double precision and beside the kernels.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class CublasTests : IDisposable
{
    // That of the kernels (ProductKernelTests), since a card's cuBLAS adds in F32 as they do; that of the device for tests adds in double.
    private const double Tolerance = 2e-6;

    private readonly GpuFixture _fixture;
    private readonly IlgpuDevice _device;
    private readonly Cublas _cublas;

    public CublasTests(GpuFixture fixture)
    {
        _fixture = fixture;
        _device = fixture.Device;
        Assert.SkipUnless(_device.TryUseCublas(out string? reason), reason ?? "");
        _cublas = _device.Cublas!;
        _cublas.LeastWork = 0;
        _device.Profile = new WorkProfile();
    }

    private IEnumerable<string> Computed => _device.Profile!.Jobs.Select(job => job.Kernel).Distinct();

    // The device is other tests' too.
    public void Dispose() => (_device.Profile, _cublas.LeastWork) = (null, long.MaxValue);

    [Theory]
    [InlineData(9, 1, 1)]
    [InlineData(17, 1, 5)]
    [InlineData(10, 7, 1)]
    [InlineData(65, 67, 17)]
    [InlineData(12, 132, 300)]
    public void Products_of_every_layout_are_the_references(int m, int n, int k)
    {
        using var test = new GpuTest(_fixture, new KernelTest(1, 1));
        float[] x = new float[m * k], y = new float[k * n];
        Numbers.Fill(x, 1, 1);
        Numbers.Fill(y, 2, 1);
        float* a = Copy(test, x), b = Copy(test, y);

        // What stands in a result that is set is not read: NaN stays out of it.
        float* c = Copy(test, [.. Enumerable.Repeat(float.NaN, m * n)]);
        Product.Xy(test.Run, Into.Set, 0.5f, c, a, b, m, n, k);
        Product.Xy(test.Run, Into.Add, -0.25f, c, a, b, m, n, k);
        Near((i, l) => x[i * k + l], (l, j) => y[l * n + j], 0.25, c, "x y");

        Product.XyT(test.Run, Into.Set, 1, c, a, b, m, n, k);
        Near((i, l) => x[i * k + l], (l, j) => y[j * k + l], 1, c, "x y^T");

        Product.XTy(test.Run, Into.Set, 1, c, a, b, m, n, k);
        Near((i, l) => x[l * m + i], (l, j) => y[l * n + j], 1, c, "x^T y");

        Assert.Equal([nameof(Cublas)], Computed);

        void Near(Func<int, int, double> left, Func<int, int, double> right, double alpha, float* actual, string what) => Numbers.Near(
            Tolerance, [.. Enumerable.Range(0, m * n).Select(at => alpha * Enumerable.Range(0, k).Sum(l => left(at / n, l) * right(l, at % n)))],
            Numbers.Doubles(test.Floats(actual, m * n)), what);
    }

    [Fact]
    public void A_linear_layer_is_the_kernels()
    {
        using var test = new GpuTest(_fixture, new KernelTest(2, 19));
        KernelTest cpu = test.Cpu;
        Linear<Model, Ffn> linear = LinearTests.Layer(cpu, 20, 12, DType.F32, false, out _, out _);
        Act<Model> x = cpu.Random<Model>(20, 1), dx = cpu.Random<Model>(20, 3), gx = test.Copy(x), gdx = test.Copy(dx);
        Act<Ffn> y = cpu.Empty<Ffn>(12), dy = cpu.Random<Ffn>(12, 2), gy = test.Copy(y), gdy = test.Copy(dy);
        Linear.Forward(cpu.Run, y, x, linear);
        Linear.BackwardAdd(cpu.Run, dx, dy, linear);

        test.Move(linear.Weight);
        Linear.Forward(test.Run, gy, gx, linear);
        Linear.BackwardAdd(test.Run, gdx, gdy, linear);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, dx, gdx, "dx");
        Assert.Equal([nameof(Cublas)], Computed);
    }

    [Theory]
    [InlineData(DType.BF16, 16 * 8 * 8)]
    [InlineData(DType.F32, 16 * 8 * 8 + 1)]
    public void Small_products_and_those_of_two_precisions_are_the_kernels(DType dtype, long leastWork)
    {
        _cublas.LeastWork = leastWork;
        using var test = new GpuTest(_fixture, new KernelTest(2, 8));
        Linear<Model, Ffn> linear = LinearTests.Layer(test.Cpu, 8, 8, dtype, false, out _, out _);
        Act<Model> gx = test.Copy(test.Cpu.Random<Model>(8, 1));
        Act<Ffn> gy = test.Copy(test.Cpu.Empty<Ffn>(8));
        test.Move(linear.Weight);

        Linear.Forward(test.Run, gy, gx, linear);

        Assert.DoesNotContain(nameof(Cublas), Computed);
        Assert.NotEmpty(Computed);
    }

    [Fact]
    public void What_it_refuses_ends_the_run()
    {
        using var test = new GpuTest(_fixture, new KernelTest(1, 1));
        float* c = Copy(test, [1, 2, 3, 4]);
        RunException refused = Assert.Throws<RunException>(
            () => _cublas.Multiply(Precision.F32, Into.Set, 1, c, 1, 2, 2, 2, MatrixOperand.Plain(c, 2), MatrixOperand.Plain(c, 2)));
        Assert.Equal("cuBLAS failed with status 7 (product); give --products own.", refused.Message);
    }

    private static float* Copy(GpuTest test, float[] values)
    {
        fixed (float* at = values)
            return test.Copy(at, values.Length);
    }
}
