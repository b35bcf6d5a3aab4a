using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class LayerNormTests
{
    private const float Epsilon = 1e-5f;

    // As RmsNormTests.
    private const double Tolerance = 6e-7;

    [Theory]
    [InlineData(1, 1, 16, DType.F32)]
    [InlineData(1, 3, 3, DType.F32)]
    [InlineData(2, 5, 7, DType.BF16)]
    [InlineData(3, 11, 97, DType.F16)]
    [InlineData(2, 64, 768, DType.BF16)]
    public void Forward_and_backward_are_the_references(int sequences, int time, int width, DType dtype)
    {
        using var test = new KernelTest(sequences, time);
        LayerNorm<Model> norm = Norm(test, width, dtype, false, out double[] w, out double[] b, out _);
        Act<Model> x = test.Random<Model>(width, 1, 3), y = test.Empty<Model>(width), dy = test.Random<Model>(width, 2), dx = test.Empty<Model>(width);
        Act<One> mean = test.Empty<One>(1), rstd = test.Empty<One>(1);

        LayerNorm.Forward(test.Run, y, mean, rstd, x, norm);
        LayerNorm.BackwardSet(test.Run, dx, dy, x, mean, rstd, norm);
        LayerNorm.BackwardWeights(test.Run, dy, x, mean, rstd, norm);

        Numbers.Near(Tolerance, ReferenceLayerNorm.Forward(test.Doubles(x), w, b, Epsilon), test.Doubles(y), "y");
        double[] expected = ReferenceLayerNorm.Backward(test.Doubles(dy), test.Doubles(x), w, Epsilon).Dx;
        Numbers.Near(Tolerance, expected, test.Doubles(dx), "dx");
        LayerNorm.BackwardAdd(test.Run, dx, dy, x, mean, rstd, norm);
        Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
    }

    [Fact]
    public void A_mean_far_from_zero_costs_no_more_than_its_own_rounding()
    {
        using var test = new KernelTest(1, 4);
        LayerNorm<Model> norm = Norm(test, 53, DType.F32, false, out double[] w, out double[] b, out _);
        Act<Model> x = test.Random<Model>(53, 1), y = test.Empty<Model>(53);
        foreach (ref float value in x.Rows(test.Rows))
            value += 1000;
        Act<One> mean = test.Empty<One>(1), rstd = test.Empty<One>(1);

        LayerNorm.Forward(test.Run, y, mean, rstd, x, norm);

        // The mean is rounded to 6e-5, of a deviation of 0.6.
        Numbers.Near(2e-4, ReferenceLayerNorm.Forward(test.Doubles(x), w, b, Epsilon), test.Doubles(y), "y");
    }

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 37, 97)]
    [InlineData(4, 33, 320)]
    public void Weight_gradients_add_up(int sequences, int time, int width)
    {
        using var test = new KernelTest(sequences, time);
        LayerNorm<Model> norm = Norm(test, width, DType.F32, true, out double[] w, out _, out IReadOnlyList<Parameter> parameters);
        Act<Model> x = test.Random<Model>(width, 1, 3), y = test.Empty<Model>(width), dy = test.Random<Model>(width, 2);
        Act<One> mean = test.Empty<One>(1), rstd = test.Empty<One>(1);
        LayerNorm.Forward(test.Run, y, mean, rstd, x, norm);

        LayerNorm.BackwardWeights(test.Run, dy, x, mean, rstd, norm);
        LayerNorm.BackwardWeights(test.Run, dy, x, mean, rstd, norm);

        (_, double[] dw, double[] db) = ReferenceLayerNorm.Backward(test.Doubles(dy), test.Doubles(x), w, Epsilon);
        Numbers.Near(Tolerance, Numbers.Sum(dw, dw), Numbers.Doubles(new ReadOnlySpan<float>(parameters[0].Gradient, width)), "dw");
        Numbers.Near(Tolerance, Numbers.Sum(db, db), Numbers.Doubles(new ReadOnlySpan<float>(parameters[1].Gradient, width)), "db");
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] x = Numbers.Random(3 * 7, 1), w = Numbers.Random(7, 2), b = Numbers.Random(7, 4), dy = Numbers.Random(3 * 7, 3);
        (double[] dx, double[] dw, double[] db) = ReferenceLayerNorm.Backward(dy, x, w, Epsilon);
        FiniteDifferences.Check(v => ReferenceLayerNorm.Forward(v, w, b, Epsilon), x, dy, dx, "dx");
        FiniteDifferences.Check(v => ReferenceLayerNorm.Forward(x, v, b, Epsilon), w, dy, dw, "dw");
        FiniteDifferences.Check(v => ReferenceLayerNorm.Forward(x, w, v, Epsilon), b, dy, db, "db");
    }

    internal static LayerNorm<Model> Norm(
        KernelTest test, int width, DType dtype, bool trained, out double[] w, out double[] b, out IReadOnlyList<Parameter> parameters)
    {
        LayerNorm<Model> norm = test.LayerWithWeights(
            scope => new LayerNorm<Model>(scope), new Widths().Set<Model>(width), new ModelOptions().Set(new LayerNormOptions(Epsilon)), dtype,
            trained, out IReadOnlyList<double[]> values, out parameters);
        (w, b) = (values[0], values[1]);
        return norm;
    }
}
