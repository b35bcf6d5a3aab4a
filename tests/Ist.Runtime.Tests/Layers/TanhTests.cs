using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class TanhTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 131)]
    public void Is_the_reference_and_so_is_its_derivative(int rows, int width)
    {
        using var test = new KernelTest(1, rows);
        Act<Model> x = test.Random<Model>(width, 1, size: 3), y = test.Empty<Model>(width), dy = test.Random<Model>(width, 2), dx = test.Empty<Model>(width);

        Tanh.Forward(test.Run, y, x);
        Tanh.BackwardSet(test.Run, dx, dy, x);

        Numbers.Near(4e-7, Array.ConvertAll(test.Doubles(x), Math.Tanh), test.Doubles(y), "y");
        double[] expected = [.. test.Doubles(x).Zip(test.Doubles(dy), (z, d) => d * (1 - Math.Tanh(z) * Math.Tanh(z)))];
        Numbers.Near(1e-6, expected, test.Doubles(dx), "dx");
        FiniteDifferences.Check(z => Array.ConvertAll(z, Math.Tanh), test.Doubles(x), test.Doubles(dy), expected, "tanh");
        Tanh.BackwardAdd(test.Run, dx, dy, x);
        Numbers.Near(1e-6, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
    }
}
