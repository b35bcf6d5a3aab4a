using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class EmbeddingScaleTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 5, 7)]
    [InlineData(3, 61, 131)]
    public void Multiplies_by_the_root_of_the_width(int sequences, int time, int width)
    {
        using var test = new KernelTest(sequences, time);
        EmbeddingScale<Model> scale = Layer(test, width);
        Act<Model> x = test.Random<Model>(width, 1), y = test.Empty<Model>(width), dx = test.Empty<Model>(width);

        EmbeddingScale.Forward(test.Run, y, x, scale);
        EmbeddingScale.BackwardSet(test.Run, dx, x, scale);

        // The factor and the product are rounded: 1.2e-7 at most.
        double[] expected = [.. test.Doubles(x).Select(value => Math.Sqrt(width) * value)];
        Numbers.Near(1.2e-7, expected, test.Doubles(y), "y");
        Numbers.Near(1.2e-7, expected, test.Doubles(dx), "dx");
        EmbeddingScale.BackwardAdd(test.Run, dx, x, scale);
        Numbers.Near(1.2e-7, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
    }

    internal static EmbeddingScale<Model> Layer(KernelTest test, int width) => test.Layer(
        scope => new EmbeddingScale<Model>(scope), new Widths().Set<Model>(width), null, DType.F32, false, out _, out _);
}
