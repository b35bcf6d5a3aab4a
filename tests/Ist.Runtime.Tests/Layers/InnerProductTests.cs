using Ist.Runtime.Layers;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class InnerProductTests
{
    // Sums of products of F32 in double: the order of up to 50001 additions is all that differs.
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(1, 0f)]
    [InlineData(15, 1f)]
    [InlineData(17, 0f)]
    [InlineData(16384, 1f)]
    [InlineData(16385, -0.5f)]
    [InlineData(50001, 1f)]
    public void Of_two_vectors_is_the_references(int count, float origin)
    {
        using var test = new KernelTest(1, 1);
        float* x = test.Floats(count), y = test.Floats(count);
        Numbers.Fill(new Span<float>(x, count), 1, 2);
        Numbers.Fill(new Span<float>(y, count), 2, 3);
        double expected = 0, size = 0;
        for (int i = 0; i < count; i++)
        {
            expected += ((double)x[i] - origin) * y[i];
            size += Math.Abs(((double)x[i] - origin) * y[i]);
        }

        Assert.Equal(expected, InnerProduct.Of(test.Run, x, origin, y, count), Tolerance * size);
    }
}
