using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Layers;
using Ist.Runtime.Numerics;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>
/// Products whose factors are copied for cuBLAS, beside double precision of the factors as they are rounded, so that an element in the wrong
/// place can't hide in the tolerance. Measured: less than 1 unit by the device for tests, which adds in double; a card adds in F32,
/// and its tensor cores cut what they add.
/// </summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class LibraryProductTests : IDisposable
{
    private const double Units = 16;

    private readonly GpuFixture _fixture;
    private readonly IlgpuDevice _device;

    public LibraryProductTests(GpuFixture fixture)
    {
        _fixture = fixture;
        _device = fixture.Device;
        Assert.SkipUnless(_device.TryUseCublas(out string? reason), reason ?? "");
        _device.Cublas!.LeastWork = 0;
        _device.Profile = new WorkProfile();
    }

    /// <summary>A product, and how much of it is computed at a time.</summary>
    public static TheoryData<int, int, int, int, int> Shapes => new() { { 1, 1, 1, 1, 1 }, { 67, 33, 45, 67, 33 }, { 40, 72, 24, 16, 32 }, { 30, 47, 19, 12, 14 } };

    // The device is other tests' too.
    public void Dispose() => (_device.Profile, _device.Cublas!.LeastWork) = (null, long.MaxValue);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Factors_are_widened(int m, int n, int k, int rows, int columns)
    {
        foreach ((bool turnedA, bool turnedB, DType dtype) in new[]
            { (false, false, DType.BF16), (false, true, DType.BF16), (true, false, DType.F16), (true, true, DType.F16), (true, true, DType.F32) })
        {
            using var test = new GpuTest(_fixture, new KernelTest(1, 1));
            new ProductCase(test, m, n, k, turnedA, turnedB, dtype, value => value).Check(new LibraryPlan(Precision.F32, rows, columns), Units);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Factors_are_rounded_to_BFloat16(int m, int n, int k, int rows, int columns)
    {
        foreach ((bool turnedA, bool turnedB, DType dtype) in new[]
            { (false, false, DType.BF16), (false, true, DType.BF16), (true, false, DType.F16), (true, true, DType.F32), (false, true, DType.F32) })
        {
            using var test = new GpuTest(_fixture, new KernelTest(1, 1));
            new ProductCase(test, m, n, k, turnedA, turnedB, dtype, value => (BFloat16)value).Check(new LibraryPlan(Precision.BF16, rows, columns), Units);
        }
    }

    /// <summary>What is BF16 is multiplied where it stands, and cuBLAS rounds the results.</summary>
    [Theory]
    [InlineData(67, 33, 45, 67, 33)]
    [InlineData(30, 47, 19, 12, 14)]
    public void Activations_in_BFloat16_are_read_and_written_as_they_are(int m, int n, int k, int rows, int columns)
    {
        foreach ((bool turnedA, bool turnedB, DType dtype) in new[] { (false, true, DType.BF16), (true, false, DType.F16) })
        {
            using var test = new GpuTest(_fixture, new KernelTest(1, 1));
            new ProductCase(test, m, n, k, turnedA, turnedB, dtype, value => (BFloat16)value, activations: DType.BF16).Check(new LibraryPlan(Precision.BF16, rows, columns), Units);
        }
    }

    /// <summary>How cuBLAS rounds to TF32 is its own business, so these factors have no more bits.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Factors_may_be_TF32(int m, int n, int k, int rows, int columns)
    {
        foreach ((bool turnedA, bool turnedB, DType dtype) in new[] { (false, true, DType.BF16), (true, false, DType.F16), (false, false, DType.F32) })
        {
            using var test = new GpuTest(_fixture, new KernelTest(1, 1));
            new ProductCase(test, m, n, k, turnedA, turnedB, dtype, value => value, Shortened).Check(new LibraryPlan(Precision.TF32, rows, columns), Units);
        }

        static float Shortened(float value) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & ~0x1fffu);
    }

    [Fact]
    public void Rounding_is_to_the_nearest_and_ties_to_even()
    {
        using var test = new GpuTest(_fixture, new KernelTest(1, 1));
        float[] values =
        [
            1 + 1f / 256, 1 + 3f / 256, -1 - 1f / 256, 1 + 1f / 256 + 1f / (1 << 20), float.MaxValue, float.NegativeInfinity, float.NaN, -0f, float.Epsilon, 0x8000 * float.Epsilon,
            0x18000 * float.Epsilon,
        ];
        fixed (float* from = values)
        {
            float* a = test.Copy(from, values.Length), c = test.Copy(from, values.Length);
            ushort one = ((BFloat16)1f).Bits;
            float* b = test.Copy((float*)&one, 1);
            MatrixProduct.Multiply(
                _device, _device.Cublas!, new LibraryPlan(Precision.BF16, values.Length, 1), Into.Set, 1, c, 1, values.Length, 1, 1,
                MatrixOperand.Plain(a, 1), new MatrixOperand(b, DType.BF16, 1, 1));
            Assert.Equal(values.Select(value => (float)(BFloat16)value), test.Floats(c, values.Length));
        }
    }

    /// <summary>Of numbers that are BF16 already every precision makes the same, and each goes its own way there.</summary>
    [Theory]
    [InlineData(Precision.F32, DType.BF16, "WidenedFactor")]
    [InlineData(Precision.F32, DType.F16, "WidenedFactor")]
    [InlineData(Precision.TF32, DType.BF16, "WidenedFactor")]
    [InlineData(Precision.BF16, DType.BF16, "RoundedFactor")]
    public void A_linear_layer_is_the_processors(Precision precision, DType dtype, string copies)
    {
        // Measured: 4.7e-7.
        const double tolerance = 2e-6;
        using var test = new GpuTest(_fixture, new KernelTest(8, 33));
        KernelTest cpu = test.Cpu;
        Linear<Model, Ffn> linear = LinearTests.Layer(cpu, 260, 257, dtype, false, out _, out _);
        Act<Model> x = Rounded(cpu.Random<Model>(260, 1)), dx = cpu.Random<Model>(260, 3), gx = test.Copy(x), gdx = test.Copy(dx);
        Act<Ffn> y = cpu.Empty<Ffn>(257), dy = Rounded(cpu.Random<Ffn>(257, 2)), gy = test.Copy(y), gdy = test.Copy(dy);
        Linear.Forward(cpu.Run, y, x, linear);
        Linear.BackwardAdd(cpu.Run, dx, dy, linear);

        test.Run.Precision = precision;
        test.Move(linear.Weight);
        Linear.Forward(test.Run, gy, gx, linear);
        Linear.BackwardAdd(test.Run, gdx, gdy, linear);

        test.Near(tolerance, y, gy, "y");
        test.Near(tolerance, dx, gdx, "dx");
        Assert.Equal([nameof(Cublas), copies], _device.Profile!.Jobs.Select(job => job.Kernel).Distinct().Order());

        Act<W> Rounded<W>(Act<W> act) where W : IWidth
        {
            foreach (ref float value in new Span<float>(act.Data, cpu.Rows * act.Width))
                value = (BFloat16)value;
            return act;
        }
    }

    [Fact]
    public void TF32_is_not_F32()
    {
        const int size = 256;
        const float factor = 1 + 1f / (1 << 11) + 1f / (1 << 12);
        using var test = new GpuTest(_fixture, new KernelTest(1, 1));
        float* factors = test.Cpu.Floats(size * size);
        new Span<float>(factors, size * size).Fill(factor);
        float* a = test.Copy(factors, size * size), c = test.Copy(factors, size * size);

        // All terms are the same. Cut or rounded to TF32, a factor is off by 2^-12 at least.
        Assert.Equal(factor * factor, First(Precision.F32), 1e-6f);
        Assert.NotEqual(factor * factor, First(Precision.TF32), 1f / (1 << 12));

        float First(Precision precision)
        {
            test.Run.Precision = precision;
            MatrixProduct.Multiply(test.Run, Into.Set, 1f / size, c, size, size, size, size, MatrixOperand.Plain(a, size), MatrixOperand.Plain(a, size));
            return test.Floats(c, 1)[0];
        }
    }

    [Theory]
    [InlineData(Precision.F32, DType.F32, 4096, 4096, 4096, 4096, 4096)]
    [InlineData(Precision.F32, DType.F32, 300, 16, 4096, 300, 16)]
    [InlineData(Precision.F32, DType.BF16, 4096, 4096, 4096, 4096, 4096)]
    [InlineData(Precision.F32, DType.BF16, 4096, 11008, 4096, 4096, 5504)]
    [InlineData(Precision.TF32, DType.F16, 512, 4096, 11008, 512, 2048)]
    [InlineData(Precision.F32, DType.BF16, 256, 2048, 1 << 20, 0, 0)]
    [InlineData(Precision.F32, DType.BF16, 255, 4096, 4096, 0, 0)]
    [InlineData(Precision.BF16, DType.BF16, 16, 4096, 4096, 16, 4096)]
    [InlineData(Precision.BF16, DType.BF16, 9, 4096, 4096, 9, 4096)]
    [InlineData(Precision.BF16, DType.BF16, 8, 8192, 4096, 0, 0)]
    [InlineData(Precision.F32, DType.F32, 1, 128256, 4096, 0, 0)]
    [InlineData(Precision.BF16, DType.BF16, 4096, 255, 4096, 0, 0)]
    [InlineData(Precision.BF16, DType.BF16, 8192, 4096, 11008, 4096, 4096)]
    [InlineData(Precision.BF16, DType.F16, 4096, 11008, 4096, 4096, 5504)]
    [InlineData(Precision.BF16, DType.BF16, 256, 256, 255, 0, 0)]
    [InlineData(Precision.BF16, DType.BF16, 0, 4096, 4096, 0, 0)]
    public void The_way_follows_from_the_sizes(Precision precision, DType dtype, int m, int n, int k, int rows, int columns) =>
        Assert.Equal(rows == 0 ? null : new LibraryPlan(precision, rows, columns), LibraryPlan.Of(Cublas.WorthACall, precision, WorkKind.Weights, m, n, k, DType.F32, dtype, rounds: false));
}
