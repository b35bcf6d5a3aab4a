using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests;

/// <summary>Methods on the experts of a mixture: each expert is a module of its own, and only its rows pass through its adapter.</summary>
public sealed class ExpertSlotTests
{
    [Fact]
    public void Every_expert_is_a_module_under_its_number()
    {
        using GoldenSet golden = GoldenSet.Open("mixtral");
        using ModelUnderTest model = Make(golden, "lora", 0);

        string[] adapted = [.. model.Model.Contents.Slots.Where(s => s.Description is not null && s.Layer == 1).Select(s => s.Module["model.layers.1.".Length..])];
        string[] expected =
        [
            "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "block_sparse_moe.gate",
            .. Enumerable.Range(0, 4).SelectMany(e => (string[])[$"block_sparse_moe.experts.{e}.w1", $"block_sparse_moe.experts.{e}.w2", $"block_sparse_moe.experts.{e}.w3"]),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), adapted.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("lora", 0.3, 1f)]
    [InlineData("lora", 0.0, 0.25f)]
    [InlineData("dora", 0.3, 1f)]
    [InlineData("dora", 0.0, 0.25f)]
    [InlineData("ia3", 0.0, 0.25f)]
    public void A_layer_that_is_passed_through_hands_down_the_gradient_of_a_trained_one(string method, double dropout, float adapterScale)
    {
        using GoldenSet golden = GoldenSet.Open("mixtral");
        using ModelUnderTest trained = Make(golden, method, dropout), passed = Make(golden, method, dropout);
        foreach (ModelUnderTest test in (ModelUnderTest[])[trained, passed])
        {
            test.Run.Training = true;
            test.Run.AdapterScales = [1, adapterScale, 1];
        }
        passed.Plan.TrainOnly([0]);

        trained.ForwardBackward();
        passed.ForwardBackward();

        foreach (Parameter parameter in trained.Parameters.All)
        {
            float[] gradient = passed.Gradient(parameter.Key).ToArray();
            if (parameter.Layer == 0)
                Assert.Equal(trained.Gradient(parameter.Key).ToArray(), gradient);
            else
                Assert.All(gradient, g => Assert.Equal(0, g));
        }
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("dora")]
    [InlineData("ia3")]
    public void Merged_experts_give_the_same_logits(string method)
    {
        using GoldenSet golden = GoldenSet.Open("mixtral");
        using ModelUnderTest model = Make(golden, method, 0);
        using var bare = new ModelUnderTest("mixtral", new NoPeftOptions(), golden);
        model.Forward();
        double[] expected = Array.ConvertAll(model.Logits.ToArray(), z => (double)z);
        bare.Forward();
        Assert.True(expected.Zip(bare.Logits.ToArray(), (a, b) => Math.Abs(a - b)).Max() > 0.1);

        foreach (SlotEntry slot in model.Model.Contents.Slots)
            slot.Merge?.Invoke();
        model.Parameters.Initialise(seed: 1);
        model.Forward();

        Tolerance.Within(2e-5, expected, model.Logits, "logits");
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("dora")]
    [InlineData("ia3")]
    public void One_thread_and_seven_give_the_same_bits(string method)
    {
        using GoldenSet golden = GoldenSet.Open("mixtral");
        using ModelUnderTest one = Make(golden, method, 0, threads: 1), seven = Make(golden, method, 0, threads: 7);

        Assert.Equal(one.ForwardBackward(), seven.ForwardBackward());

        foreach (Parameter parameter in one.Parameters.All)
            Assert.Equal(one.Gradient(parameter.Key).ToArray(), seven.Gradient(parameter.Key).ToArray());
    }

    private static unsafe ModelUnderTest Make(GoldenSet golden, string method, double dropout, int threads = 2)
    {
        PeftOptions options = method == "ia3"
            ? new Ia3Options(new Ia3Config { TargetModules = ModuleSelector.AllLinear, FeedforwardModules = ModuleSelector.OfNames(["w2"]) }, "the test")
            : new LoraOptions(
                new LoraAdapterConfig { R = 4, LoraAlpha = 8, LoraDropout = dropout, UseDora = method == "dora", TargetModules = ModuleSelector.AllLinear }, "the test");
        var model = new ModelUnderTest("mixtral", options, golden, threads: threads);
        var random = new Random(1);
        foreach (Parameter parameter in model.Parameters.All)
        {
            for (int i = 0; i < parameter.Count; i++)
                parameter.Value[i] += random.NextSingle() * 0.2f - 0.1f;
        }
        return model;
    }
}
