using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Optimizers;

public sealed unsafe class AdamWTests
{
    /// <summary>PyTorch's operations one by one, in double; measured: 7e-7 of the largest value apart after 20 steps.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(37, 0.1)]
    [InlineData(40001, 0.01)]
    public void Twenty_steps_are_the_references(int count, double decay)
    {
        using var test = new Optimized(decay, count);
        double[] p = Numbers.Doubles(test.Value(0)), m = new double[count], v = new double[count];
        for (int step = 1; step <= 20; step++)
        {
            double lr = 1e-2 / step;
            Numbers.Fill(test.Gradient(0), step, 1f / step);
            for (int i = 0; i < count; i++)
            {
                double g = test.Gradient(0)[i];
                p[i] *= 1 - lr * decay;
                m[i] += (g - m[i]) * (1 - 0.9);
                v[i] = v[i] * 0.999 + (1 - 0.999) * g * g;
                p[i] -= lr / (1 - Math.Pow(0.9, step)) * m[i] / (Math.Sqrt(v[i]) / Math.Sqrt(1 - Math.Pow(0.999, step)) + 1e-8);
            }
            test.Optimizer.Step(test.Run, test.Parameters, lr);
        }
        Numbers.Near(2e-6, p, Numbers.Doubles(test.Value(0)), "p");
        Numbers.Near(2e-6, m, Numbers.Doubles(new ReadOnlySpan<float>(test.Optimizer.First(test.Parameters[0]), count)), "m");
        Numbers.Near(2e-6, v, Numbers.Doubles(new ReadOnlySpan<float>(test.Optimizer.Second(test.Parameters[0]), count)), "v");
    }

    /// <summary>The parameter that is left out keeps its value and moments, and its next step is corrected as its second.</summary>
    [Fact]
    public void A_parameter_left_out_of_a_step_is_left_alone()
    {
        using Optimized test = new(0.1, 5, 7), other = new(0.1, 5, 7);
        foreach (Optimized each in (Optimized[])[test, other])
        {
            each.Gradient(0).Fill(0.3f);
            each.Gradient(1).Fill(-0.2f);
            each.Optimizer.Step(each.Run, each.Parameters, 1e-2);
        }
        float[] before = test.Value(1).ToArray();

        test.Optimizer.Step(test.Run, test.Parameters.AsSpan(0, 1), 1e-2);

        Assert.Equal(before, test.Value(1));
        Assert.Equal(2, test.Optimizer.Steps(test.Parameters[0]));
        Assert.Equal(1, test.Optimizer.Steps(test.Parameters[1]));
        test.Optimizer.Step(test.Run, test.Parameters, 1e-2);
        other.Optimizer.Step(other.Run, other.Parameters, 1e-2);
        Assert.Equal(other.Value(1), test.Value(1));
        Assert.NotEqual(other.Value(0)[0], test.Value(0)[0]);
    }

    /// <summary>A gradient that was once tiny, and then zero for long: PyTorch's moments become denormal, ours zero.</summary>
    [Fact]
    public void Moments_never_become_denormal()
    {
        using var test = new Optimized(0, 3);
        for (int step = 0; step < 3000; step++)
        {
            test.Gradient(0)[0] = step == 0 ? 1e-3f : 0;
            test.Gradient(0)[1] = 1e-19f;
            test.Gradient(0)[2] = step < 3 ? 1e-17f : 0;
            test.Optimizer.Step(test.Run, test.Parameters, 1e-3);
            for (int i = 0; i < 3; i++)
            {
                Assert.False(float.IsSubnormal(test.Optimizer.First(test.Parameters[0])[i]));
                Assert.False(float.IsSubnormal(test.Optimizer.Second(test.Parameters[0])[i]));
            }
        }
        Assert.Equal(0, test.Optimizer.First(test.Parameters[0])[0]);
        Assert.Equal(1e-6 * 0.001 * Math.Pow(0.999, 2999), test.Optimizer.Second(test.Parameters[0])[0], 1e-12);
    }

    [Fact]
    public void The_moments_are_planned()
    {
        var parameter = new Parameter("p", 0, Initial.Zeros, 3, 16);
        MemoryPlan plan = Arena.Measure(Purpose.Training, new Widths(), 1, 1, arena => new AdamW(0).Reserve(arena, [parameter]));
        Assert.Equal(2 * 3 * 16 * 4, plan[MemoryKind.OptimizerState]);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(0, beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(0, beta2: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(0, epsilon: 1e-13));
    }
}
