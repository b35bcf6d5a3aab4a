using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>The reference is that of <see cref="RmsNormTests"/>, with 1 + w for w.</summary>
public sealed unsafe class UnitOffsetRmsNormTests
{
    private const float Epsilon = 1e-6f;

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
        UnitOffsetRmsNorm<Model> norm = Norm(test, width, dtype, false, out double[] w, out _);
        double[] factors = [.. w.Select(value => 1 + value)];
        Act<Model> x = test.Random<Model>(width, 1, 3), y = test.Empty<Model>(width), dy = test.Random<Model>(width, 2), dx = test.Empty<Model>(width);
        Act<One> rstd = test.Empty<One>(1);

        UnitOffsetRmsNorm.Forward(test.Run, y, rstd, x, norm);
        UnitOffsetRmsNorm.BackwardSet(test.Run, dx, dy, x, rstd, norm);
        UnitOffsetRmsNorm.BackwardWeights(test.Run, dy, x, rstd, norm);

        Numbers.Near(Tolerance, ReferenceRmsNorm.Forward(test.Doubles(x), factors, Epsilon), test.Doubles(y), "y");
        double[] expected = ReferenceRmsNorm.Backward(test.Doubles(dy), test.Doubles(x), factors, Epsilon).Dx;
        Numbers.Near(Tolerance, expected, test.Doubles(dx), "dx");
        UnitOffsetRmsNorm.BackwardAdd(test.Run, dx, dy, x, rstd, norm);
        Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
    }

    [Fact]
    public void Weight_gradients_add_up()
    {
        const int width = 97;
        using var test = new KernelTest(2, 37);
        UnitOffsetRmsNorm<Model> norm = Norm(test, width, DType.F32, true, out double[] w, out Parameter? parameter);
        Act<Model> x = test.Random<Model>(width, 1, 3), y = test.Empty<Model>(width), dy = test.Random<Model>(width, 2);
        Act<One> rstd = test.Empty<One>(1);
        UnitOffsetRmsNorm.Forward(test.Run, y, rstd, x, norm);

        UnitOffsetRmsNorm.BackwardWeights(test.Run, dy, x, rstd, norm);
        UnitOffsetRmsNorm.BackwardWeights(test.Run, dy, x, rstd, norm);

        double[] dw = ReferenceRmsNorm.Backward(test.Doubles(dy), test.Doubles(x), [.. w.Select(value => 1 + value)], Epsilon).Dw;
        Numbers.Near(Tolerance, Numbers.Sum(dw, dw), Numbers.Doubles(new ReadOnlySpan<float>(parameter!.Gradient, width)), "dw");
        Assert.Equal(Initial.Zeros, parameter.Initial);
    }

    internal static UnitOffsetRmsNorm<Model> Norm(
        KernelTest test, int width, DType dtype, bool trained, out double[] w, out Parameter? parameter) => test.Layer(
        scope => new UnitOffsetRmsNorm<Model>(scope), new Widths().Set<Model>(width), new ModelOptions().Set(new RmsNormOptions(Epsilon)), dtype,
        trained, out w, out parameter);
}
