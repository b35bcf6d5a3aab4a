using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class ResidualTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 13)]
    [InlineData(300, 131)]
    public void Add_adds(int time, int width)
    {
        using var test = new KernelTest(1, time);
        Act<Model> y = test.Random<Model>(width, 1), x = test.Random<Model>(width, 2);
        float[] expected = [.. y.Rows(time).ToArray().Zip(x.Rows(time).ToArray(), (a, b) => a + b)];

        Residual.Add(test.Run, y, x);

        Assert.Equal(expected, y.Rows(time));
    }
}
