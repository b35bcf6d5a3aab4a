using System.Runtime.Intrinsics;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Numerics;

public sealed class NormalDistributionTests
{
    [Fact]
    public void Cumulative_and_density_are_near_in_both_tails()
    {
        double worst = 0, worstDensity = 0;
        for (float x = -13f; x < 13f; x += 0.00137f)
        {
            float actual = NormalDistribution.Cumulative(Vector512.Create(x), out Vector512<float> density)[7];
            double bell = Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);
            worst = Math.Max(worst, Math.Abs(actual / ReferenceActivation.Phi(x) - 1));
            worstDensity = Math.Max(worstDensity, Math.Abs(density[7] / bell - 1));
        }
        Assert.InRange(worst, 1e-9, 4.5e-7);
        Assert.InRange(worstDensity, 1e-9, 3e-7);
    }

    [Theory]
    [InlineData(-3e38f, 0f)]
    [InlineData(-20f, 0f)]
    [InlineData(0f, 0.5f)]
    [InlineData(20f, 1f)]
    [InlineData(3e38f, 1f)]
    public void Cumulative_far_out_and_in_the_middle(float x, float expected) =>
        Assert.Equal(expected, NormalDistribution.Cumulative(Vector512.Create(x), out _)[3], 3e-8);
}
