using Ist.Models.Tests.Golden;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>
/// The whole model's gradient against central differences of its loss. The loss is F32, so a difference over 2 eps carries an
/// error of about 1e-6 / eps, and the curvature one of eps^2. With eps = 1e-2 both stay near 1e-4 of the slope for adapters of two
/// modules a layer; those of all seven have slopes above 10 and bend more, so eps is smaller.
/// </summary>
public sealed class FiniteDifferenceTests
{
    [Theory]
    [InlineData("llama-mha", "lora_qv", 0.0, 1e-2)]
    [InlineData("llama-mha", "lora_qv", 0.25, 1e-2)]
    [InlineData("llama-mha", "dora", 0.0, 1e-2)]
    [InlineData("llama-mha", "dora", 0.25, 1e-2)]
    [InlineData("llama-mha", "vera", 0.25, 1e-3)]
    [InlineData("llama-mha", "ia3", 0.0, 1e-2)]
    [InlineData("llama-gqa-tied-rope3", "prefix", 0.0, 1e-2)]
    [InlineData("llama-gqa-tied-rope3", "prompt", 0.0, 1e-2)]
    [InlineData("mistral-swa", "lora", 0.25, 1e-3)]
    [InlineData("qwen2", "lora", 0.25, 1e-3)]
    [InlineData("qwen3", "lora", 0.25, 1e-3)]
    [InlineData("gemma", "lora", 0.25, 1e-3)]
    [InlineData("gemma2", "lora", 0.25, 1e-3)]
    [InlineData("phi3", "lora", 0.25, 1e-3)]
    [InlineData("mixtral", "lora", 0.25, 1e-3)]
    public unsafe void Slope_along_the_gradient(string checkpoint, string adapter, double dropout, double epsilon)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest test = PeftCase.Load(checkpoint, golden, dropout);
        test.Run.Training = true;
        // DoRA's gradient is that of a loss whose norms stay what they are.
        HeldNorms? held = adapter == "dora" ? new HeldNorms(test) : null;

        test.ForwardBackward();
        Parameter[] parameters = test.Parameters.All.ToArray();
        float[][] direction = [.. parameters.Select(p => new ReadOnlySpan<float>(p.Gradient, (int)p.Count).ToArray())];
        double norm = Math.Sqrt(direction.Sum(d => d.Sum(g => (double)g * g)));
        double up = LossAt(+epsilon), down = LossAt(-2 * epsilon);

        Assert.Equal(norm, (up - down) / (2 * epsilon), norm * 2e-3);

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
