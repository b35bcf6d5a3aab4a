using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Numerics;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Products on the GPU beside double precision.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class ProductKernelTests(GpuFixture fixture)
{
    // Measured: 6.5e-7 of the largest entry (300 terms, summed in order).
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 2)]
    [InlineData(64, 64, 16)]
    [InlineData(65, 67, 17)]
    [InlineData(70, 4, 130)]
    [InlineData(8, 132, 300)]
    public void Products_of_every_layout_are_the_references(int m, int n, int k)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        float* a = Random(test.Cpu, m * k, 1, out double[] left);
        float* b = Random(test.Cpu, k * n, 2, out double[] right);
        float* ga = test.Copy(a, m * k), gb = test.Copy(b, k * n);
        float* empty = test.Cpu.Floats(m * n);
        new Span<float>(empty, m * n).Fill(float.NaN);
        float* c = test.Copy(empty, m * n);

        Product.Xy(test.Run, Into.Set, 0.5f, c, ga, gb, m, n, k);
        Product.Xy(test.Run, Into.Add, -0.25f, c, ga, gb, m, n, k);
        Numbers.Near(Tolerance, Reference(0.25, m, n, k, (i, l) => left[i * k + l], (l, j) => right[l * n + j]), Doubles(test, c, m * n), "x y");

        Product.XyT(test.Run, Into.Set, 1, c, ga, gb, m, n, k);
        Numbers.Near(Tolerance, Reference(1, m, n, k, (i, l) => left[i * k + l], (l, j) => right[j * k + l]), Doubles(test, c, m * n), "x y^T");

        Product.XTy(test.Run, Into.Set, 1, c, ga, gb, m, n, k);
        Numbers.Near(Tolerance, Reference(1, m, n, k, (i, l) => left[l * m + i], (l, j) => right[l * n + j]), Doubles(test, c, m * n), "x^T y");
        float[] first = test.Floats(c, m * n);
        Product.XTy(test.Run, Into.Set, 1, c, ga, gb, m, n, k);
        Assert.Equal(first, test.Floats(c, m * n));
    }

    /// <summary>Measured: 4.0 units (each sum is added up in the order of k, or in parts).</summary>
    [Theory]
    [InlineData(ProductKernel.Tile64, 1, 1, 1, 1)]
    [InlineData(ProductKernel.Tile64, 1, 67, 130, 33)]
    [InlineData(ProductKernel.Tile64, 3, 8, 68, 100)]
    [InlineData(ProductKernel.Tile64, 4, 70, 5, 104)]
    [InlineData(ProductKernel.Single, 1, 129, 132, 50)]
    [InlineData(ProductKernel.Single, 1, 66, 70, 16)]
    [InlineData(ProductKernel.Single, 2, 136, 64, 33)]
    public void Kernels_of_every_layout_are_the_references(object kernel, int parts, int m, int n, int k)
    {
        foreach ((bool turnedA, bool turnedB, DType dtype) in new[] { (false, false, DType.F32), (true, false, DType.BF16), (false, true, DType.F16), (true, true, DType.F32) })
        {
            using var test = new GpuTest(fixture, new KernelTest(1, 1));
            new ProductCase(test, m, n, k, turnedA, turnedB, dtype, value => value).Check(new ProductPlan((ProductKernel)kernel, parts), 6);
        }
    }

    /// <summary>Measured: 4.3 units.</summary>
    [Theory]
    [InlineData(40, 68, 64)]
    [InlineData(72, 24, 32)]
    public void Copies_piece_by_piece_give_the_references(int rows, int columns, int terms)
    {
        foreach ((bool turnedA, bool turnedB, DType dtype) in new[] { (false, false, DType.BF16), (true, true, DType.F16), (false, true, DType.F32) })
        {
            using var test = new GpuTest(fixture, new KernelTest(1, 1));
            new ProductCase(test, 75, 70, 90, turnedA, turnedB, dtype, value => value).Check(new ProductPlan(ProductKernel.Single, 1), new CopyPlan(rows, columns, terms), 6);
        }
    }

    /// <summary>No more is copied than there is room for, and long sums are cut before pieces get narrow.</summary>
    [Theory]
    [InlineData(DType.F32, 4096, 8192, 2048, 4096, 8192, 2048)]
    [InlineData(DType.F32, 256, 128256, 2048, 256, 8064, 2048)]
    [InlineData(DType.F32, 256, 2048, 128256, 256, 1024, 11776)]
    [InlineData(DType.BF16, 256, 2048, 128256, 256, 2048, 11776)]
    public void Pieces_follow_from_the_sizes(object format, int m, int n, int k, int rows, int columns, int terms) =>
        Assert.Equal(new CopyPlan(rows, columns, terms), CopyPlan.Of((DType)format, copiesA: true, copiesB: true, m, n, k));

    /// <summary>Thin sums are cut into parts, which fit into their memory; a large C is not cut, and gets the larger tiles.</summary>
    [Theory]
    [InlineData(4096, 4096, 4096, ProductKernel.Single, 1)]
    [InlineData(1920, 1024, 4096, ProductKernel.Single, 3)]
    [InlineData(4096, 16, 4096, ProductKernel.Tile64, 4)]
    [InlineData(16, 4096, 1024, ProductKernel.Tile64, 4)]
    [InlineData(512, 16, 11008, ProductKernel.Tile64, 32)]
    [InlineData(1024, 1920, 1 << 20, ProductKernel.Single, 3)]
    [InlineData(300, 300, 4096, ProductKernel.Tile64, 11)]
    [InlineData(64, 16, 255, ProductKernel.Tile64, 1)]
    [InlineData(9, 8000, 4096, ProductKernel.Tile64, 3)]
    [InlineData(8, 8000, 4096, ProductKernel.Thin, 5)]
    public void The_way_follows_from_the_sizes(int m, int n, int k, object kernel, int parts) =>
        Assert.Equal(new ProductPlan((ProductKernel)kernel, parts), ProductPlan.Of(Precision.F32, m, n, k, turnedA: false, turnedB: false, whole: false, copiesTiles: true));

    [Theory]
    [InlineData(DType.BF16, 64, 48)]
    [InlineData(DType.F16, 33, 71)]
    [InlineData(DType.F32, 20, 12)]
    public void Linear_is_the_processors(DType dtype, int inputs, int outputs)
    {
        using var test = new GpuTest(fixture, new KernelTest(2, 19));
        KernelTest cpu = test.Cpu;
        Linear<Model, Ffn> linear = LinearTests.Layer(cpu, inputs, outputs, dtype, false, out _, out _);
        Act<Model> x = cpu.Random<Model>(inputs, 1), dx = cpu.Random<Model>(inputs, 3), gx = test.Copy(x), gdx = test.Copy(dx);
        Act<Ffn> y = cpu.Empty<Ffn>(outputs), dy = cpu.Random<Ffn>(outputs, 2), gy = test.Copy(y), gdy = test.Copy(dy);
        Linear.Forward(cpu.Run, y, x, linear);
        Linear.BackwardAdd(cpu.Run, dx, dy, linear);

        test.Move(linear.Weight);
        Linear.Forward(test.Run, gy, gx, linear);
        Linear.BackwardAdd(test.Run, gdx, gdy, linear);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, dx, gdx, "dx");
    }

    [Theory]
    [InlineData(Precision.BF16, 4096, 4096, 4096, ProductKernel.BFloat16, 1)]
    [InlineData(Precision.TF32, 1024, 1024, 4096, ProductKernel.TF32, 4)]
    [InlineData(Precision.BF16, 512, 256, 4096, ProductKernel.BFloat16, 16)]
    public void Rounded_products_are_cut_likewise(Precision precision, int m, int n, int k, object kernel, int parts) =>
        Assert.Equal(new ProductPlan((ProductKernel)kernel, parts), ProductPlan.Of(precision, m, n, k, turnedA: false, turnedB: true, whole: true, copiesTiles: true));

    /// <summary>The precision is that of the base model's products: what adapters are made of is not rounded.</summary>
    [Fact]
    public void Products_of_adapters_are_not_rounded()
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        const int m = 5, n = 6, k = 7;
        float* a = test.Copy(Random(test.Cpu, m * k, 1, out _), m * k), b = test.Copy(Random(test.Cpu, k * n, 2, out _), k * n);
        float* c = test.Copy(test.Cpu.Floats(m * n), m * n);
        Product.Xy(test.Run, Into.Set, 1, c, a, b, m, n, k);
        float[] exact = test.Floats(c, m * n);
        test.Run.Precision = Precision.BF16;
        Product.Xy(test.Run, Into.Set, 1, c, a, b, m, n, k);
        Assert.Equal(exact, test.Floats(c, m * n));
        MatrixProduct.Multiply(test.Run, Into.Set, 1, c, n, m, n, k, MatrixOperand.Plain(a, k), MatrixOperand.Plain(b, n));
        Assert.NotEqual(exact, test.Floats(c, m * n));
    }

    /// <summary>In parts, with a copy of both factors, in few rows.</summary>
    [Theory]
    [InlineData(Precision.F32, 9, 8, 512, 4.0 * (9 * 512 + 512 * 8 + 4 * 9 * 8) + 4.0 * 5 * 9 * 8)]
    [InlineData(Precision.BF16, 40, 24, 33, 4.0 * (40 * 33 + 33 * 24) + 4.0 * (40 * 33 + 33 * 24 + 40 * 24))]
    [InlineData(Precision.F32, 3, 24, 33, 4.0 * (3 * 33 + 33 * 24 + 3 * 24))]
    public void A_profile_tells_products_by_their_sizes_and_counts_their_operations_once(Precision precision, int m, int n, int k, double bytes)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        float* a = test.Copy(Random(test.Cpu, m * k, 1, out _), m * k), b = test.Copy(Random(test.Cpu, k * n, 2, out _), k * n), c = test.Copy(test.Cpu.Floats(m * n), m * n);
        var profile = new WorkProfile();
        test.Device.Profile = profile;
        test.Run.Precision = precision;

        MatrixProduct.Multiply(test.Run, Into.Set, 1, c, n, m, n, k, MatrixOperand.Plain(a, k), MatrixOperand.Plain(b, n));

        test.Device.Profile = null;
        Assert.All(profile.Jobs, job => Assert.Equal(new ProfiledProduct(WorkKind.Weights, m, n, k), job.Product));
        Assert.Equal(2.0 * m * n * k, profile.Jobs.Sum(job => job.Operations));
        Assert.Equal(bytes, profile.Jobs.Sum(job => job.Bytes));
    }

    [Theory]
    [InlineData(DType.BF16, 64, 48)]
    [InlineData(DType.F16, 33, 71)]
    [InlineData(DType.F32, 20, 12)]
    public void Layers_with_biases_are_the_processors(DType dtype, int inputs, int outputs)
    {
        using var test = new GpuTest(fixture, new KernelTest(2, 19));
        Check(test, BiasedLinearTests.Layer(test.Cpu, inputs, outputs, dtype, false, out _, out _, out _), inputs, outputs);
        Check(test, Conv1DTests.Layer(test.Cpu, inputs, outputs, dtype, false, out _, out _, out _), inputs, outputs);

        static void Check(GpuTest test, Linear<Model, Ffn> linear, int inputs, int outputs)
        {
            KernelTest cpu = test.Cpu;
            Act<Model> x = cpu.Random<Model>(inputs, 1), dx = cpu.Random<Model>(inputs, 3), gx = test.Copy(x), gdx = test.Copy(dx);
            Act<Ffn> y = cpu.Empty<Ffn>(outputs), dy = cpu.Random<Ffn>(outputs, 2), gy = test.Copy(y), gdy = test.Copy(dy);
            Linear.Forward(cpu.Run, y, x, linear);
            Linear.BackwardAdd(cpu.Run, dx, dy, linear);

            test.Move(linear.Weight);
            test.Move(linear.Bias!);
            Linear.Forward(test.Run, gy, gx, linear);
            Linear.BackwardAdd(test.Run, gdx, gdy, linear);

            test.Near(Tolerance, y, gy, "y");
            test.Near(Tolerance, dx, gdx, "dx");
        }
    }

    [Theory]
    [InlineData(2, 29, 37, 101)]
    [InlineData(4, 33, 28, 132)]
    public void Layers_with_biases_add_up_their_gradients(int sequences, int time, int inputs, int outputs)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        Check(test, BiasedLinearTests.Layer(test.Cpu, inputs, outputs, DType.F32, true, out _, out _, out IReadOnlyList<Parameter> parameters), parameters, inputs, outputs);
        Check(test, Conv1DTests.Layer(test.Cpu, inputs, outputs, DType.F32, true, out _, out _, out parameters), parameters, inputs, outputs);

        static void Check(GpuTest test, Linear<Model, Ffn> linear, IReadOnlyList<Parameter> parameters, int inputs, int outputs)
        {
            Act<Model> x = test.Cpu.Random<Model>(inputs, 1);
            Act<Ffn> dy = test.Cpu.Random<Ffn>(outputs, 2);
            Linear.BackwardWeights(test.Cpu.Run, dy, x, linear);
            Linear.BackwardWeights(test.Cpu.Run, dy, x, linear);
            double[][] expected = [.. parameters.Select(p => Numbers.Doubles(new ReadOnlySpan<float>(p.Gradient, (int)p.Count)))];
            foreach (Parameter parameter in parameters)
            {
                new Span<float>(parameter.Gradient, (int)parameter.Count).Clear();
                test.Move(parameter);
            }
            Linear.BackwardWeights(test.Run, test.Copy(dy), test.Copy(x), linear);
            Linear.BackwardWeights(test.Run, test.Copy(dy), test.Copy(x), linear);

            for (int p = 0; p < parameters.Count; p++)
                Numbers.Near(Tolerance, expected[p], Numbers.Doubles(test.Floats(parameters[p].Gradient, parameters[p].Count)), parameters[p].Key);
        }
    }

    /// <summary>What dropout leaves lies behind h in its buffer, wherever that ends.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Factors_may_lie_at_any_float(int offset)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        const int m = 9, n = 12, k = 20;
        float* a = Random(test.Cpu, m * k + offset, 1, out double[] left);
        float* b = Random(test.Cpu, k * n + offset, 2, out double[] right);
        float* ga = test.Copy(a, m * k + offset) + offset, gb = test.Copy(b, k * n + offset) + offset;
        float* c = test.Copy(test.Cpu.Floats(m * n + offset), m * n + offset) + offset;

        Product.Xy(test.Run, Into.Set, 1, c, ga, gb, m, n, k);

        Numbers.Near(
            Tolerance, Reference(1, m, n, k, (i, l) => left[offset + i * k + l], (l, j) => right[offset + l * n + j]), Doubles(test, c, m * n), "x y");
    }

    private static float* Random(KernelTest test, int count, int seed, out double[] doubles)
    {
        float* values = test.Floats(count);
        Numbers.Fill(new Span<float>(values, count), seed, 1);
        doubles = Numbers.Doubles(new ReadOnlySpan<float>(values, count));
        return values;
    }

    private static double[] Doubles(GpuTest test, float* c, int count) => Numbers.Doubles(test.Floats(c, count));

    private static double[] Reference(double alpha, int m, int n, int k, Func<int, int, double> a, Func<int, int, double> b) =>
        [.. Enumerable.Range(0, m * n).Select(at => alpha * Enumerable.Range(0, k).Sum(l => a(at / n, l) * b(l, at % n)))];
}
