using System.Runtime.Intrinsics;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Tests.Numerics;

public sealed class HyperbolicTangentTests
{
    [Fact]
    public void Tanh_is_within_two_units_in_the_last_place()
    {
        double worst = 0;
        for (float x = -9; x < 9; x += 0.000137f)
        {
            double expected = Math.Tanh(x);
            worst = Math.Max(worst, Math.Abs(Tanh(x) - expected) / Math.Abs(expected));
        }
        Assert.InRange(worst, 1e-9, 2.0 / (1 << 23));
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1e-20f, 1e-20f)]
    [InlineData(-20f, -1f)]
    [InlineData(3e38f, 1f)]
    [InlineData(float.NegativeInfinity, -1f)]
    [InlineData(float.NaN, float.NaN)]
    public void Tanh_at_the_ends_of_its_range(float x, float expected) => Assert.Equal(expected, Tanh(x));

    private static float Tanh(float x) => HyperbolicTangent.Tanh(Vector512.Create(x))[5];
}
