using Ist.Models.Tests.Golden;

namespace Ist.Models.Tests;

/// <summary>What the gradients of an adapter's parameters say of the layer's adapter scale, against the slope of the loss.</summary>
public sealed class ScaleGradientTests
{
    [Theory]
    [InlineData("llama-mha", "lora")]
    [InlineData("llama-mha", "dora")]
    [InlineData("llama-mha", "dora_rs")]
    [InlineData("llama-mha", "ia3")]
    [InlineData("llama-mha", "lora_patterns")]
    [InlineData("llama-mha", "prefix")]
    [InlineData("llama-mha", "vera")]
    [InlineData("llama-mha", "adapters/houlsby")]
    [InlineData("gpt2", "adapters/houlsby")]
    [InlineData("llama-gqa-tied-rope3", "lora")]
    [InlineData("llama-gqa-tied-rope3", "dora")]
    [InlineData("llama-gqa-tied-rope3", "ia3")]
    [InlineData("llama-gqa-tied-rope3", "prefix")]
    [InlineData("llama-gqa-tied-rope3", "vera")]
    [InlineData("gpt2", "lora")]
    [InlineData("gpt2", "dora")]
    [InlineData("gpt2", "ia3")]
    [InlineData("gpt2", "prefix")]
    [InlineData("gpt2", "vera")]
    [InlineData("gpt2", "adapters/parallel")]
    [InlineData("qwen2", "lora_bias_b")]
    [InlineData("bert-cls", "adapters/parallel_learned")]
    public void Is_the_slope_of_the_loss(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest test = PeftCase.Load(checkpoint, golden);
        test.ForwardBackward();
        double[] expected = [.. Enumerable.Range(0, test.Model.LayerCount).Select(layer => ScaleSlope.OfGradients(test, layer))];
        Assert.Contains(expected, slope => Math.Abs(slope) > 1e-3);
        for (int layer = 0; layer < expected.Length; layer++)
            Assert.Equal(expected[layer], ScaleSlope.OfLoss(test, layer), ScaleSlope.Tolerance);
    }
}
