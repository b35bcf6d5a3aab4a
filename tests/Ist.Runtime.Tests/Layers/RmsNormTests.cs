using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class RmsNormTests
{
    private const float Epsilon = 1e-5f;

    // Measured: 1.3e-7 of the largest entry in y, 1.6e-7 in dx, 2.4e-7 in dw (74 and 132 rows).
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
        RmsNorm<Model> norm = Norm(test, width, dtype, false, out double[] w, out _);
        Act<Model> x = test.Random<Model>(width, 1, 3), y = test.Empty<Model>(width), dy = test.Random<Model>(width, 2), dx = test.Empty<Model>(width);
        Act<One> rstd = test.Empty<One>(1);

        RmsNorm.Forward(test.Run, y, rstd, x, norm);
        RmsNorm.BackwardSet(test.Run, dx, dy, x, rstd, norm);
        RmsNorm.BackwardWeights(test.Run, dy, x, rstd, norm);

        Numbers.Near(Tolerance, ReferenceRmsNorm.Forward(test.Doubles(x), w, Epsilon), test.Doubles(y), "y");
        Numbers.Near(Tolerance, ReferenceRmsNorm.Backward(test.Doubles(dy), test.Doubles(x), w, Epsilon).Dx, test.Doubles(dx), "dx");
    }

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 37, 97)]
    [InlineData(4, 33, 320)]
    public void Weight_gradients_add_up(int sequences, int time, int width)
    {
        using var test = new KernelTest(sequences, time);
        RmsNorm<Model> norm = Norm(test, width, DType.F32, true, out double[] w, out Parameter? parameter);
        Act<Model> x = test.Random<Model>(width, 1, 3), y = test.Empty<Model>(width), dy = test.Random<Model>(width, 2);
        Act<One> rstd = test.Empty<One>(1);
        RmsNorm.Forward(test.Run, y, rstd, x, norm);

        RmsNorm.BackwardWeights(test.Run, dy, x, rstd, norm);
        RmsNorm.BackwardWeights(test.Run, dy, x, rstd, norm);

        double[] twice = [.. ReferenceRmsNorm.Backward(test.Doubles(dy), test.Doubles(x), w, Epsilon).Dw.Select(g => 2 * g)];
        Numbers.Near(Tolerance, twice, Numbers.Doubles(new ReadOnlySpan<float>(parameter!.Gradient, width)), "dw");
    }

    [Fact]
    public void Add_adds_what_Set_sets()
    {
        using var test = new KernelTest(2, 5);
        RmsNorm<Model> norm = Norm(test, 37, DType.BF16, false, out _, out _);
        Act<Model> x = test.Random<Model>(37, 1), y = test.Empty<Model>(37), dy = test.Random<Model>(37, 2);
        Act<Model> set = test.Empty<Model>(37), add = test.Random<Model>(37, 3), before = test.Random<Model>(37, 3);
        Act<One> rstd = test.Empty<One>(1);
        RmsNorm.Forward(test.Run, y, rstd, x, norm);

        RmsNorm.BackwardSet(test.Run, set, dy, x, rstd, norm);
        RmsNorm.BackwardAdd(test.Run, add, dy, x, rstd, norm);

        Numbers.Near(1e-7, Numbers.Sum(test.Doubles(before), test.Doubles(set)), test.Doubles(add), "dx");
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] x = Numbers.Random(3 * 7, 1), w = Numbers.Random(7, 2), dy = Numbers.Random(3 * 7, 3);
        (double[] dx, double[] dw) = ReferenceRmsNorm.Backward(dy, x, w, Epsilon);
        FiniteDifferences.Check(v => ReferenceRmsNorm.Forward(v, w, Epsilon), x, dy, dx, "dx");
        FiniteDifferences.Check(v => ReferenceRmsNorm.Forward(x, v, Epsilon), w, dy, dw, "dw");
    }

    internal static RmsNorm<Model> Norm(KernelTest test, int width, DType dtype, bool trained, out double[] w, out Parameter? parameter) => test.Layer(
        scope => new RmsNorm<Model>(scope), new Widths().Set<Model>(width), new ModelOptions().Set(new RmsNormOptions(Epsilon)), dtype, trained,
        out w, out parameter);
}
