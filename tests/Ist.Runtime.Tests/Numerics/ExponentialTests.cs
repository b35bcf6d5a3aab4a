using System.Runtime.Intrinsics;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Tests.Numerics;

public sealed class ExponentialTests
{
    // Measured: 8.2e-8.
    [Fact]
    public void Exp_is_within_one_unit_in_the_last_place()
    {
        double worst = 0;
        for (float x = -87.3f; x < 88.37f; x += 0.00137f)
        {
            double expected = Math.Exp(x);
            worst = Math.Max(worst, Math.Abs(Exp(x) - expected) / expected);
        }
        Assert.InRange(worst, 1e-9, 1.0 / (1 << 23));
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-88f, 0f)]
    [InlineData(-3e38f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(88.5f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Exp_at_the_ends_of_its_range(float x, float expected) => Assert.Equal(expected, Exp(x));

    [Fact]
    public void Sigmoid_and_its_complement_are_near_on_both_sides()
    {
        for (float x = -80; x < 80; x += 0.0173f)
        {
            float s = Exponential.Sigmoid(Vector512.Create(x), out Vector512<float> complement)[3];
            Assert.Equal(1, s * (1 + Math.Exp(-x)), 3e-7);
            Assert.Equal(1, complement[3] * (1 + Math.Exp(x)), 3e-7);
        }
    }

    private static float Exp(float x) => Exponential.Exp(Vector512.Create(x))[5];
}
