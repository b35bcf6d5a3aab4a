using Ist.Runtime.Optimizers;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Optimizers;

public sealed class GradientClippingTests
{
    [Fact]
    public void A_norm_above_the_limit_is_brought_to_it()
    {
        using var test = new Optimized(0, 40001, 3, 17);
        double squares = 0;
        for (int i = 0; i < 3; i++)
        {
            Numbers.Fill(test.Gradient(i), i, 0.1f);
            squares += Numbers.Doubles(test.Gradient(i)).Sum(g => g * g);
        }
        float first = test.Gradient(0)[40000];

        double norm = GradientClipping.Clip(test.Run, test.Parameters, 2);

        Assert.Equal(Math.Sqrt(squares), norm, norm * 1e-14);
        Assert.Equal(first * (float)(2 / (norm + 1e-6)), test.Gradient(0)[40000]);
        Assert.Equal(2, GradientClipping.Clip(test.Run, test.Parameters, 0), 1e-6);
    }

    /// <summary>PyTorch's 1e-6 beside the norm shows where the norm is small.</summary>
    [Fact]
    public void A_small_norm_is_brought_a_little_below_the_limit()
    {
        using var test = new Optimized(0, 1);
        test.Gradient(0)[0] = 2e-5f;
        GradientClipping.Clip(test.Run, test.Parameters, 1e-5);
        Assert.Equal(1e-5 * 20 / 21, test.Gradient(0)[0], 1e-11);
    }

    [Theory]
    [InlineData(5.0)]
    [InlineData(0.0)]
    [InlineData(6.0)]
    public void A_norm_below_the_limit_and_no_limit_leave_the_gradients(double limit)
    {
        using var test = new Optimized(0, 2);
        (test.Gradient(0)[0], test.Gradient(0)[1]) = (3, -3.9999f);

        Assert.Equal(4.99992, GradientClipping.Clip(test.Run, test.Parameters, limit), 1e-5);

        Assert.Equal([3f, -3.9999f], test.Gradient(0));
    }

    [Fact]
    public void Gradients_of_parameters_that_are_not_active_do_not_count()
    {
        using var test = new Optimized(0, 2, 2);
        test.Gradient(0).Fill(3);
        test.Gradient(1).Fill(100);

        Assert.Equal(Math.Sqrt(18), GradientClipping.Clip(test.Run, test.Parameters.AsSpan(0, 1), 1), 1e-12);

        Assert.Equal([100f, 100], test.Gradient(1));
    }

    [Fact]
    public void A_norm_that_is_not_finite_is_told_and_nothing_scaled()
    {
        using var test = new Optimized(0, 2);
        (test.Gradient(0)[0], test.Gradient(0)[1]) = (3, float.NaN);
        Assert.True(double.IsNaN(GradientClipping.Clip(test.Run, test.Parameters, 1)));
        Assert.Equal(3, test.Gradient(0)[0]);
    }
}
