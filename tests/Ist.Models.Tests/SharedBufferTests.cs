using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>For evaluation all layers share one set of buffers, also where only the second one has an adapter and each module another form.</summary>
public sealed class SharedBufferTests
{
    private const string OneLayer = @"model\.layers\.1\..*";

    [Theory]
    [InlineData("lora")]
    [InlineData("dora")]
    [InlineData("vera")]
    [InlineData("ia3")]
    [InlineData("bottleneck")]
    public void An_adapter_of_one_layer_gives_the_bits_of_buffers_of_its_own(string method)
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        using var bare = new ModelUnderTest("llama-mha", new NoPeftOptions(), golden);
        using ModelUnderTest own = Make(golden, method, Purpose.Training), shared = Make(golden, method, Purpose.Evaluation);

        double plain = bare.Forward(), expected = own.Forward(), actual = shared.Forward();

        Assert.Equal(expected, actual);
        Assert.True(Math.Abs(plain - actual) > 1e-4, $"{plain} and {actual} are too near each other to tell");
        Assert.True(own.Logits.SequenceEqual(shared.Logits));
    }

    /// <summary>A model with adapters in its second layer alone.</summary>
    internal static unsafe ModelUnderTest Make(GoldenSet golden, string method, Purpose purpose, KeptLayers? kept = null)
    {
        ModuleSelector targets = ModuleSelector.OfPattern(OneLayer, "the test");
        PeftOptions options = method == "bottleneck"
            ? new BottleneckOptions(new BottleneckConfig { TargetModules = ModuleSelector.OfPattern(@"model\.layers\.1\.mlp.*", "the test"), BottleneckSize = 5 }, "the test")
            : method == "vera" ? new VeraOptions(new VeraConfig { TargetModules = targets, R = 6 }, "the test")
            : method == "ia3" ? new Ia3Options(new Ia3Config { TargetModules = targets, FeedforwardModules = ModuleSelector.OfPattern(".*(down|up)_proj", "the test") }, "the test")
            : new LoraOptions(new LoraAdapterConfig { TargetModules = targets, UseDora = method == "dora" }, "the test");
        var model = new ModelUnderTest("llama-mha", options, golden, purpose: purpose, kept: kept);
        var random = new Random(1);
        foreach (Parameter parameter in model.Parameters.All)
        {
            Assert.Equal(1, parameter.Layer);
            for (int i = 0; i < parameter.Count; i++)
                parameter.Value[i] += random.NextSingle() * 0.2f - 0.1f;
        }
        return model;
    }
}
