using Ist.Models.Tests.Golden;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>What IST's response suppression makes of each method, said in its parameters.</summary>
public sealed class SuppressionTests
{
    private const float Factor = 0.25f;

    [Theory]
    [InlineData("lora", ".lora_B.weight")]
    [InlineData("dora", ".lora_B.weight")]
    [InlineData("vera", ".vera_lambda_b")]
    [InlineData("ia3", ".ia3_l")]
    [InlineData("prefix", "prompt_embeddings.1")]
    public unsafe void Damps_what_the_adapter_has_learnt(string adapter, string damped)
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha", adapter);
        using ModelUnderTest suppressed = PeftCase.Load("llama-mha", golden), weaker = PeftCase.Load("llama-mha", golden);
        suppressed.Run.AdapterScales = [1, Factor, 1];
        foreach (Parameter parameter in weaker.Parameters.All)
        {
            float nothing = parameter.Initial == Initial.Ones ? 1 : 0;
            if (parameter.Layer == 1 && parameter.Key.EndsWith(damped, StringComparison.Ordinal))
            {
                for (int i = 0; i < parameter.Count; i++)
                    parameter.Value[i] = nothing + Factor * (parameter.Value[i] - nothing);
            }
        }
        double plain = Loss(golden), expected = weaker.ForwardBackward(), actual = suppressed.ForwardBackward();

        Assert.Equal(expected, actual, 1e-6 * expected);
        Assert.True(Math.Abs(plain - actual) > 1e-3, $"{plain} and {actual} are too near each other to tell");
        // By the chain rule what is damped has its gradient times the factor, and everything else has the weaker model's. The factor is
        // a power of two, which rounds nothing wherever it stands.
        foreach (Parameter parameter in weaker.Parameters.All)
        {
            float scale = parameter.Layer == 1 && parameter.Key.EndsWith(damped, StringComparison.Ordinal) ? Factor : 1;
            float[] gradient = Array.ConvertAll(weaker.Gradient(parameter.Key).ToArray(), g => scale * g);
            Assert.Equal(gradient, suppressed.Gradient(parameter.Key).ToArray());
        }
    }

    private static double Loss(GoldenSet golden)
    {
        using ModelUnderTest model = PeftCase.Load("llama-mha", golden);
        return model.Forward();
    }
}
