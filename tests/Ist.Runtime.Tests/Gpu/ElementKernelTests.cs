using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Kernels that compute each element for itself, on the GPU beside the processor.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class ElementKernelTests(GpuFixture fixture)
{
    // Measured: 1.6e-7 of the largest entry.
    private const double Tolerance = 5e-7;

    public static TheoryData<ActivationFunction> Functions => [.. Enum.GetValues<ActivationFunction>()];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Activation_is_the_processors(ActivationFunction function)
    {
        // 3 * 61 * 13 elements are no multiple of four.
        using var test = new GpuTest(fixture, new KernelTest(3, 61));
        KernelTest cpu = test.Cpu;
        Activation<Ffn> activation = ActivationTests.Layer(cpu, function);
        Act<Ffn> x = cpu.Random<Ffn>(13, 1, 9), dy = cpu.Random<Ffn>(13, 2), y = cpu.Empty<Ffn>(13), dx = cpu.Empty<Ffn>(13), own = cpu.Random<Ffn>(13, 3);
        (Act<Ffn> gx, Act<Ffn> gdy, Act<Ffn> gy, Act<Ffn> gdx, Act<Ffn> gown) = (test.Copy(x), test.Copy(dy), test.Copy(y), test.Copy(dx), test.Copy(own));

        Pass(cpu.Run, x, dy, y, dx, own, activation);
        Pass(test.Run, gx, gdy, gy, gdx, gown, activation);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, dx, gdx, "twice dx");
        test.Near(Tolerance, own, gown, "y in its own place");

        static void Pass(Run run, Act<Ffn> x, Act<Ffn> dy, Act<Ffn> y, Act<Ffn> dx, Act<Ffn> own, Activation<Ffn> activation)
        {
            Activation.Forward(run, y, x, activation);
            Activation.BackwardSet(run, dx, dy, x, activation);
            Activation.BackwardAdd(run, dx, dy, x, activation);
            Activation.Forward(run, own, own, activation);
        }
    }

    /// <summary>Where a function is small it must be right in relation to itself: the tails, and beyond the range of the exponential.</summary>
    [Theory]
    [MemberData(nameof(Functions))]
    public void Activation_is_the_processors_in_the_tails(ActivationFunction function)
    {
        float[] numbers = [-1e30f, -100, -88.5f, -20, -13.2f, -12, -11.9f, -8.3f, -6, -1e-6f, -0f, 0, 1e-6f, 6, 12, 20, 100, 1e30f, float.NaN];
        using var test = new GpuTest(fixture, new KernelTest(1, numbers.Length));
        KernelTest cpu = test.Cpu;
        Activation<Ffn> activation = ActivationTests.Layer(cpu, function);
        Act<Ffn> x = cpu.Empty<Ffn>(1), one = cpu.Empty<Ffn>(1), y = cpu.Empty<Ffn>(1), dx = cpu.Empty<Ffn>(1);
        numbers.CopyTo(x.Rows(numbers.Length));
        one.Rows(numbers.Length).Fill(1);
        (Act<Ffn> gx, Act<Ffn> gone, Act<Ffn> gy, Act<Ffn> gdx) = (test.Copy(x), test.Copy(one), test.Copy(y), test.Copy(dx));
        Activation.Forward(cpu.Run, y, x, activation);
        Activation.BackwardSet(cpu.Run, dx, one, x, activation);

        Activation.Forward(test.Run, gy, gx, activation);
        Activation.BackwardSet(test.Run, gdx, gone, gx, activation);

        // Measured: 1.9e-6 for gelu by tanh at -6, where e^-23 has what its argument is rounded by 23 times, and 1.2e-7 for the others; gelu without
        // what its square loses in rounding is 2.8e-6 off at -11.9. Below the smallest normal number a result may be 0.
        double tolerance = function == ActivationFunction.GeluTanh ? 5e-6 : 5e-7;
        Check(y, test.Floats(gy), "f");
        Check(dx, test.Floats(gdx), "f'");

        void Check(Act<Ffn> expected, float[] actual, string what)
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                double value = expected.Row(i)[0];
                Assert.True(
                    value.Equals(actual[i]) || Math.Abs(value - actual[i]) <= tolerance * Math.Abs(value) + 2e-38,
                    $"{what}({numbers[i]:R}) is {actual[i]:R}, expected {value:R}");
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 5, 7)]
    [InlineData(2, 33, 132)]
    public void Gated_functions_and_sums_are_the_processors(int sequences, int time, int width)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        Act<Ffn> gate = cpu.Random<Ffn>(width, 1, 3), up = cpu.Random<Ffn>(width, 2), dy = cpu.Random<Ffn>(width, 3), y = cpu.Empty<Ffn>(width);
        Act<Ffn> dgate = cpu.Empty<Ffn>(width), dup = cpu.Empty<Ffn>(width), sum = cpu.Empty<Ffn>(width), tanh = cpu.Empty<Ffn>(width);
        (Act<Ffn> ggate, Act<Ffn> gup, Act<Ffn> gdy, Act<Ffn> gy) = (test.Copy(gate), test.Copy(up), test.Copy(dy), test.Copy(y));
        (Act<Ffn> gdgate, Act<Ffn> gdup, Act<Ffn> gsum, Act<Ffn> gtanh) = (test.Copy(dgate), test.Copy(dup), test.Copy(sum), test.Copy(tanh));

        Pass(cpu.Run, y, gate, up, dy, dgate, dup, sum, tanh);
        Pass(test.Run, gy, ggate, gup, gdy, gdgate, gdup, gsum, gtanh);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, dgate, gdgate, "dgate");
        test.Near(Tolerance, dup, gdup, "dup");
        test.Near(Tolerance, sum, gsum, "sum");
        test.Near(Tolerance, tanh, gtanh, "tanh");

        static void Pass(Run run, Act<Ffn> y, Act<Ffn> gate, Act<Ffn> up, Act<Ffn> dy, Act<Ffn> dgate, Act<Ffn> dup, Act<Ffn> sum, Act<Ffn> tanh)
        {
            GeGlu.Forward(run, y, gate, up);
            GeGlu.BackwardSet(run, dgate, dup, dy, gate, up);
            GeGlu.BackwardAdd(run, dgate, dup, dy, gate, up);
            Sum.Forward(run, sum, gate, up);
            Sum.BackwardAdd(run, dgate, dup, dy);
            Tanh.Forward(run, tanh, gate);
            Tanh.BackwardAdd(run, tanh, dy, up);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 5, 7)]
    [InlineData(2, 9, 516)]
    public void FusedSwiGlu_is_the_processors(int sequences, int time, int width)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        Act<GateUp> x = cpu.Random<GateUp>(2 * width, 1, 9), dx = cpu.Empty<GateUp>(2 * width), gx = test.Copy(x), gdx = test.Copy(dx);
        Act<Ffn> y = cpu.Empty<Ffn>(width), dy = cpu.Random<Ffn>(width, 2), gy = test.Copy(y), gdy = test.Copy(dy);

        Pass(cpu.Run, y, x, dy, dx);
        Pass(test.Run, gy, gx, gdy, gdx);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, dx, gdx, "twice dx");
        test.Near(Tolerance, x, gx, "dx in the place of x");

        static void Pass(Run run, Act<Ffn> y, Act<GateUp> x, Act<Ffn> dy, Act<GateUp> dx)
        {
            FusedSwiGlu.Forward(run, y, x);
            FusedSwiGlu.BackwardSet(run, dx, dy, x);
            FusedSwiGlu.BackwardAdd(run, dx, dy, x);
            FusedSwiGlu.BackwardSet(run, x, dy, x);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 30f)]
    [InlineData(2, 5, 7, 2f)]
    [InlineData(2, 33, 132, 6f)]
    [InlineData(2, 5, 7, null)]
    public void SoftCap_and_EmbeddingScale_are_the_processors(int sequences, int time, int width, float? cap)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        SoftCap<Vocab> softCap = SoftCapTests.Layer(cpu, cap);
        EmbeddingScale<Model> scale = EmbeddingScaleTests.Layer(cpu, width);
        Act<Vocab> x = cpu.Random<Vocab>(width, 1, 9), dy = cpu.Random<Vocab>(width, 2), y = cpu.Empty<Vocab>(width), dx = cpu.Empty<Vocab>(width);
        Act<Model> rows = cpu.Random<Model>(width, 3), scaled = cpu.Empty<Model>(width);
        (Act<Vocab> gx, Act<Vocab> gdy, Act<Vocab> gy, Act<Vocab> gdx) = (test.Copy(x), test.Copy(dy), test.Copy(y), test.Copy(dx));
        (Act<Model> grows, Act<Model> gscaled) = (test.Copy(rows), test.Copy(scaled));

        Pass(cpu.Run, x, dy, y, dx, softCap, rows, scaled, scale);
        Pass(test.Run, gx, gdy, gy, gdx, softCap, grows, gscaled, scale);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, dx, gdx, "twice dx");
        test.Same(scaled, gscaled);

        static void Pass(
            Run run, Act<Vocab> x, Act<Vocab> dy, Act<Vocab> y, Act<Vocab> dx, SoftCap<Vocab> softCap, Act<Model> rows, Act<Model> scaled, EmbeddingScale<Model> scale)
        {
            SoftCap.Forward(run, y, x, softCap);
            SoftCap.BackwardSet(run, dx, dy, x, softCap);
            SoftCap.BackwardAdd(run, dx, dy, x, softCap);
            EmbeddingScale.Forward(run, scaled, rows, scale);
            // Twice a number has no rounding of its own, whichever way it is added.
            EmbeddingScale.BackwardAdd(run, scaled, rows, scale);
        }
    }
}
