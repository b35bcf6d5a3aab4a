using Ist.Models.Tests.Golden;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>
/// Where a step trains the lowest layer alone, the gradient passes through the others: the lowest layer's gradients are then those
/// of a step that trains all, to the bit, and the others have none. In blocks with parallel branches and fused projections too.
/// </summary>
public sealed class PassedLayersTests
{
    [Theory]
    [InlineData("llama-mha", "lora")]
    [InlineData("gpt2", "lora")]
    [InlineData("gpt2", "dora")]
    [InlineData("gpt2", "vera")]
    [InlineData("gpt2", "ia3")]
    [InlineData("gptj", "lora")]
    [InlineData("gptj", "dora")]
    [InlineData("gptneox", "lora")]
    [InlineData("gptneox", "ia3")]
    [InlineData("gptneox-seq", "lora")]
    [InlineData("bloom", "lora")]
    [InlineData("bloom", "dora")]
    [InlineData("opt", "lora")]
    public void Hand_down_the_gradient_of_trained_ones(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest all = PeftCase.Load(checkpoint, golden), lowest = PeftCase.Load(checkpoint, golden);
        lowest.Plan.TrainOnly([0]);

        all.ForwardBackward();
        lowest.ForwardBackward();

        foreach (Parameter parameter in all.Parameters.All)
        {
            if (parameter.Layer == 0)
                Assert.True(all.Gradient(parameter.Key).SequenceEqual(lowest.Gradient(parameter.Key)), parameter.Key);
            else
                Assert.Equal(-1, lowest.Gradient(parameter.Key).IndexOfAnyExcept(0f));
        }
    }
}
