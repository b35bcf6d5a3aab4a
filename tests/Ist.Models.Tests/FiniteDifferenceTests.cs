using Ist.Models.Tests.Golden;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>
/// The whole model's gradient against central differences of its loss. The loss is F32, so a difference over 2 eps carries an
/// error of about 1e-6 / eps, and the curvature one of eps^2: with eps = 1e-2 both stay near 1e-4 of the slope along the gradient.
/// </summary>
public sealed class FiniteDifferenceTests
{
    private const double Epsilon = 1e-2;

    [Theory]
    [InlineData("lora_qv", 0.0)]
    [InlineData("lora_qv", 0.25)]
    [InlineData("dora", 0.0)]
    [InlineData("dora", 0.25)]
    [InlineData("ia3", 0.0)]
    public unsafe void Slope_along_the_gradient(string adapter, double dropout)
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha", adapter);
        using ModelUnderTest test = PeftCase.Load("llama-mha", golden, dropout);
        test.Run.Training = true;
        // DoRA's gradient is that of a loss whose norms stay what they are.
        HeldNorms? held = adapter == "dora" ? new HeldNorms(test, scaling: 2) : null;

        test.ForwardBackward();
        Parameter[] parameters = test.Parameters.All.ToArray();
        float[][] direction = [.. parameters.Select(p => new ReadOnlySpan<float>(p.Gradient, (int)p.Count).ToArray())];
        double norm = Math.Sqrt(direction.Sum(d => d.Sum(g => (double)g * g)));
        double up = LossAt(+Epsilon), down = LossAt(-2 * Epsilon);

        Assert.Equal(norm, (up - down) / (2 * Epsilon), norm * 2e-3);

        double LossAt(double step)
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                for (int j = 0; j < direction[i].Length; j++)
                    parameters[i].Value[j] += (float)(step * direction[i][j] / norm);
            }
            held?.Apply();
            double loss = test.Forward();
            held?.Undo();
            return loss;
        }
    }
}
