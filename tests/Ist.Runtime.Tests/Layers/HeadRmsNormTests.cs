using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>The reference is that of <see cref="RmsNormTests"/>, with a head for a row.</summary>
public sealed unsafe class HeadRmsNormTests
{
    private const float Epsilon = 1e-6f;

    // As RmsNormTests. A weight gradient sums over the heads as well: 8.8e-7 of its largest entry was measured (twice 528 heads).
    private const double Tolerance = 6e-7;
    private const double WeightTolerance = 2e-6;

    [Theory]
    [InlineData(1, 1, 1, 4, DType.F32)]
    [InlineData(2, 5, 3, 6, DType.BF16)]
    [InlineData(3, 11, 4, 20, DType.F16)]
    [InlineData(2, 64, 6, 128, DType.BF16)]
    public void Forward_and_backward_are_the_references(int sequences, int time, int heads, int size, DType dtype)
    {
        using var test = new KernelTest(sequences, time);
        HeadRmsNorm<Query> norm = Norm(test, heads, size, dtype, false, out double[] w, out _);
        Act<Query> x = test.Random<Query>(heads * size, 1, 3), y = test.Empty<Query>(heads * size);
        Act<Query> dy = test.Random<Query>(heads * size, 2), dx = test.Empty<Query>(heads * size);
        Act<Own> rstd = test.Empty<Own>(heads);

        HeadRmsNorm.Forward(test.Run, y, rstd, x, norm);
        HeadRmsNorm.BackwardSet(test.Run, dx, dy, x, rstd, norm);
        HeadRmsNorm.BackwardWeights(test.Run, dy, x, rstd, norm);

        Numbers.Near(Tolerance, ReferenceRmsNorm.Forward(test.Doubles(x), w, Epsilon), test.Doubles(y), "y");
        double[] expected = ReferenceRmsNorm.Backward(test.Doubles(dy), test.Doubles(x), w, Epsilon).Dx;
        Numbers.Near(Tolerance, expected, test.Doubles(dx), "dx");
        HeadRmsNorm.BackwardAdd(test.Run, dx, dy, x, rstd, norm);
        Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
    }

    [Theory]
    [InlineData(1, 1, 1, 5)]
    [InlineData(2, 37, 3, 20)]
    [InlineData(4, 33, 4, 128)]
    public void Weight_gradients_add_up(int sequences, int time, int heads, int size)
    {
        using var test = new KernelTest(sequences, time);
        HeadRmsNorm<Query> norm = Norm(test, heads, size, DType.F32, true, out double[] w, out Parameter? parameter);
        Act<Query> x = test.Random<Query>(heads * size, 1, 3), y = test.Empty<Query>(heads * size), dy = test.Random<Query>(heads * size, 2);
        Act<Own> rstd = test.Empty<Own>(heads);
        HeadRmsNorm.Forward(test.Run, y, rstd, x, norm);

        HeadRmsNorm.BackwardWeights(test.Run, dy, x, rstd, norm);
        HeadRmsNorm.BackwardWeights(test.Run, dy, x, rstd, norm);

        double[] dw = ReferenceRmsNorm.Backward(test.Doubles(dy), test.Doubles(x), w, Epsilon).Dw;
        Numbers.Near(WeightTolerance, Numbers.Sum(dw, dw), Numbers.Doubles(new ReadOnlySpan<float>(parameter!.Gradient, size)), "dw");
    }

    internal static HeadRmsNorm<Query> Norm(
        KernelTest test, int heads, int size, DType dtype, bool trained, out double[] w, out Parameter? parameter) => test.Layer(
        scope => new HeadRmsNorm<Query>(scope), new Widths().Set<Query>(heads * size),
        new ModelOptions().Set(new RmsNormOptions(Epsilon)).Set(new AttentionOptions(heads, heads, size)), dtype, trained, out w, out parameter);
}
