using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>LoRA on every family against the numbers of peft: logits, gradients, three AdamW steps, merged weights.</summary>
public sealed class LoraGoldenTests
{
    public static TheoryData<string, string> Adapters => new()
    {
        { "llama-mha", "lora" },
        { "llama-mha", "lora_qv" },
        { "llama-mha", "lora_patterns" },
        { "llama-mha", "rslora" },
        { "llama-gqa-tied-rope3", "lora" },
        { "llama-gqa-tied-rope3", "rslora" },
        { "mistral", "lora" },
        { "mistral-swa", "lora" },
        { "qwen2", "lora" },
        { "qwen3", "lora" },
    };

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Logits_loss_and_gradients(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest model = Load(checkpoint, golden);

        double loss = model.Forward();
        model.AssertLogits(golden, "logits64", golden.Error("logits"));
        Assert.Equal(golden.Doubles("loss64")[0], loss, golden.Doubles("loss64")[0] * Tolerance.RelativeLoss);

        model.ForwardBackward();
        foreach (Parameter parameter in model.Parameters.All)
            Tolerance.Near(Tolerance.GradientOf(golden), golden.Doubles("grad." + parameter.Key), model.Gradient(parameter.Key), parameter.Key);
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public unsafe void Three_steps_of_AdamW(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest model = Load(checkpoint, golden);
        var adamW = new AdamW(weightDecay: 0.01);
        using Arena moments = Arena.Create(model.Device, Purpose.Training, model.Widths, 1, 1, arena => adamW.Reserve(arena, model.Parameters.All));
        double[] losses = golden.Doubles("losses");

        for (int step = 0; step < 3; step++)
        {
            Assert.Equal(losses[step], model.ForwardBackward(), losses[step] * 1e-5);
            adamW.Step(model.Run, model.Parameters.All, 0.01);
        }
        Assert.Equal(losses[3], model.Forward(), losses[3] * 1e-5);

        // AdamW divides a gradient by its own size, so where that is near zero rounding noise becomes a step of the size of
        // the learning rate. PyTorch's F32 is up to after_worst_abs from its F64 for the same reason.
        double allowed = Math.Max(2e-5, 8 * golden.Error("after_worst_abs"));
        foreach (Parameter parameter in model.Parameters.All)
        {
            int count = (int)parameter.Count;
            if (!golden.NearZeroGradients.Contains(parameter.Key))
                Tolerance.Within(allowed, golden.Doubles("after." + parameter.Key), new ReadOnlySpan<float>(parameter.Value, count), "after." + parameter.Key);
            Tolerance.Near(4 * Tolerance.GradientOf(golden), golden.Doubles("adam_m." + parameter.Key), new ReadOnlySpan<float>(adamW.First(parameter), count), "adam_m." + parameter.Key);
            Tolerance.Near(4 * Tolerance.GradientOf(golden), golden.Doubles("adam_v." + parameter.Key), new ReadOnlySpan<float>(adamW.Second(parameter), count), "adam_v." + parameter.Key);
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Merged_weights_give_the_same_logits(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest model = Load(checkpoint, golden);
        foreach (SlotEntry slot in model.Model.Contents.Slots)
            slot.Merge?.Invoke();
        // With B at zero the adapter adds nothing, so what is left comes from the merged weights.
        foreach (Parameter parameter in model.Parameters.All)
        {
            if (parameter.Key.EndsWith(".lora_B.weight", StringComparison.Ordinal))
                Clear(parameter);
        }

        model.Forward();

        model.AssertLogits(golden, "merged_logits64", golden.Error("merged_vs_adapter_logits"));
    }

    private static unsafe void Clear(Parameter parameter) => new Span<float>(parameter.Value, (int)parameter.Count).Clear();

    private static ModelUnderTest Load(string checkpoint, GoldenSet golden)
    {
        using AdapterFolder folder = AdapterFolder.Open(golden.Folder);
        var options = new LoraOptions(LoraAdapterConfig.Parse(folder.Config, out _), golden.Folder);
        var model = new ModelUnderTest(checkpoint, options, golden);
        model.Parameters.Load(Path.Combine(golden.Folder, AdapterFolder.TensorFile));
        return model;
    }
}
