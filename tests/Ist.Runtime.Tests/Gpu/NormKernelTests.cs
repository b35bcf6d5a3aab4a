using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>LayerNorm on the GPU beside the processor.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class NormKernelTests(GpuFixture fixture)
{
    // Measured: 3.2e-7 of the largest entry (dx).
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(1, 1, 16, DType.F32)]
    [InlineData(1, 3, 3, DType.F32)]
    [InlineData(2, 5, 7, DType.BF16)]
    [InlineData(3, 11, 97, DType.F16)]
    [InlineData(2, 9, 768, DType.BF16)]
    [InlineData(1, 5, 1028, DType.F16)]
    public void LayerNorm_is_the_processors(int sequences, int time, int width, DType dtype)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        LayerNorm<Model> norm = LayerNormTests.Norm(cpu, width, dtype, false, out _, out _, out _);
        Act<Model> x = cpu.Random<Model>(width, 1, 3), dy = cpu.Random<Model>(width, 2), y = cpu.Empty<Model>(width), dx = cpu.Empty<Model>(width);
        Act<Model> added = cpu.Random<Model>(width, 3);
        // A mean that is not near zero, which nothing beyond the end of a row may be measured from.
        foreach (ref float value in x.Rows(cpu.Rows))
            value += 5;
        Act<One> mean = cpu.Empty<One>(1), rstd = cpu.Empty<One>(1);
        (Act<Model> gx, Act<Model> gdy, Act<Model> gy, Act<Model> gdx, Act<Model> gadded) = (test.Copy(x), test.Copy(dy), test.Copy(y), test.Copy(dx), test.Copy(added));
        (Act<One> gmean, Act<One> grstd) = (test.Copy(mean), test.Copy(rstd));
        Pass(cpu.Run, y, mean, rstd, x, dy, dx, added, norm);

        test.Move(norm.Weight);
        test.Move(norm.Bias);
        Pass(test.Run, gy, gmean, grstd, gx, gdy, gdx, gadded, norm);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, mean, gmean, "mean");
        test.Near(Tolerance, rstd, grstd, "rstd");
        test.Near(Tolerance, dx, gdx, "dx");
        test.Near(Tolerance, added, gadded, "added dx");
        (float[] firstY, float[] firstDx) = (test.Floats(gy), test.Floats(gdx));
        Pass(test.Run, gy, gmean, grstd, gx, gdy, gdx, gadded, norm);
        Assert.Equal(firstY, test.Floats(gy));
        Assert.Equal(firstDx, test.Floats(gdx));
    }

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 37, 97)]
    [InlineData(4, 33, 320)]
    public void LayerNorm_adds_up_the_gradients_of_weight_and_bias(int sequences, int time, int width)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        LayerNorm<Model> norm = LayerNormTests.Norm(cpu, width, DType.F32, true, out _, out _, out IReadOnlyList<Parameter> parameters);
        Act<Model> x = cpu.Random<Model>(width, 1, 3), y = cpu.Empty<Model>(width), dy = cpu.Random<Model>(width, 2);
        Act<One> mean = cpu.Empty<One>(1), rstd = cpu.Empty<One>(1);
        LayerNorm.Forward(cpu.Run, y, mean, rstd, x, norm);
        (Act<Model> gx, Act<Model> gdy, Act<One> gmean, Act<One> grstd) = (test.Copy(x), test.Copy(dy), test.Copy(mean), test.Copy(rstd));
        LayerNorm.BackwardWeights(cpu.Run, dy, x, mean, rstd, norm);
        LayerNorm.BackwardWeights(cpu.Run, dy, x, mean, rstd, norm);
        double[][] expected = [.. parameters.Select(p => Numbers.Doubles(new ReadOnlySpan<float>(p.Gradient, width)))];

        foreach (Parameter parameter in parameters)
        {
            new Span<float>(parameter.Gradient, width).Clear();
            test.Move(parameter);
        }
        LayerNorm.BackwardWeights(test.Run, gdy, gx, gmean, grstd, norm);
        LayerNorm.BackwardWeights(test.Run, gdy, gx, gmean, grstd, norm);

        for (int p = 0; p < parameters.Count; p++)
            Numbers.Near(Tolerance, expected[p], Numbers.Doubles(test.Floats(parameters[p].Gradient, width)), parameters[p].Key);
    }

    private static void Pass(
        Run run, Act<Model> y, Act<One> mean, Act<One> rstd, Act<Model> x, Act<Model> dy, Act<Model> dx, Act<Model> added, LayerNorm<Model> norm)
    {
        LayerNorm.Forward(run, y, mean, rstd, x, norm);
        LayerNorm.BackwardSet(run, dx, dy, x, mean, rstd, norm);
        LayerNorm.BackwardAdd(run, added, dy, x, mean, rstd, norm);
    }
}
