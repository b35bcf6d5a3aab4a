using Ist.Models.Tests.Golden;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>
/// The families against the numbers of transformers: Llama plain and with grouped heads, tied embeddings and llama3 rope scaling,
/// Mistral without and with a sliding window, Qwen2 with biases, Qwen3 with norms of heads, Gemma with norms by 1 + w and GeGLU,
/// Gemma 2 with caps, windows in every second layer and norms of outputs, Phi-3 with fused projections, Mixtral with experts.
/// </summary>
[Collection(GpuCollection.Name)]
public sealed class FamilyGoldenTests(GpuFixture card)
{
    public static TheoryData<string, string> OnDevices => GpuSets.With(Checkpoints);

    public static TheoryData<string> Checkpoints => [.. GoldenSet.Checkpoints, .. GoldenSet.SharedCheckpoints];

    public static TheoryData<string> Complete => GoldenSet.Checkpoints;

    [Theory]
    [MemberData(nameof(OnDevices))]
    public void Logits_and_loss(string checkpoint, string device)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using var model = new ModelUnderTest(checkpoint, new NoPeftOptions(), golden, purpose: Purpose.Evaluation, device: card.On(device));

        double loss = model.Forward();

        model.AssertLogits(golden, "logits64", golden.Error("fp32_vs_fp64_logits"));
        Assert.Equal(golden.Doubles("loss64")[0], loss, golden.Doubles("loss64")[0] * Tolerance.RelativeLoss);
    }

    [Theory]
    [MemberData(nameof(OnDevices))]
    public void Left_padding(string checkpoint, string device)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using var model = new ModelUnderTest(checkpoint, new NoPeftOptions(), golden, "left.", Purpose.Evaluation, device: card.On(device));

        double loss = model.Forward();

        model.AssertLogits(golden, "left.logits64", golden.Error("left_fp32_vs_fp64_logits"));
        // Hugging Face's own left.loss64 counts what padded places predict as well, so the loss is taken from its logits here.
        double expected = model.LossOf(golden.Doubles("left.logits64"));
        Assert.Equal(expected, loss, expected * Tolerance.RelativeLoss);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Hidden_states(string checkpoint)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using var test = new ModelUnderTest(checkpoint, new NoPeftOptions(), golden);
        test.Forward();
        Act<Model>[] hidden = HiddenStates.Of(test.Model);

        for (int l = 0; l < hidden.Length; l++)
        {
            double[] expected = golden.Doubles($"hidden.{l}");
            for (int row = 0; row < test.Batch.Rows; row++)
            {
                if (test.IsReal(row))
                    Tolerance.Within(2e-5, expected.AsSpan(row * hidden[l].Width, hidden[l].Width), hidden[l].Row(row), $"hidden.{l} of row {row}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(OnDevices))]
    public void Gradients_of_every_weight(string checkpoint, string device)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using var model = new ModelUnderTest(checkpoint, new FullOptions(), golden, device: card.On(device));

        model.ForwardBackward();

        string[] stored = [.. golden.Names.Where(n => n.StartsWith("grad.", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        IEnumerable<string> made = model.Parameters.All.ToArray().Select(p => "grad." + p.Key).Order(StringComparer.Ordinal);
        // Of the trained model not all are stored.
        Assert.Equal(stored, Complete.Select(row => row.Data).Contains(checkpoint) ? made : made.Intersect(stored));
        foreach (string name in stored)
            Tolerance.Within(golden.AllowedGradient(name), golden.Doubles(name), model.Gradient(name["grad.".Length..]), name);
    }

    [Theory]
    [MemberData(nameof(Complete))]
    public void Left_padding_gives_the_loss_and_gradients_of_right_padding(string checkpoint)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using var right = new ModelUnderTest(checkpoint, new FullOptions(), golden);
        using var left = new ModelUnderTest(checkpoint, new FullOptions(), golden, batch: golden.LeftPaddedBatch);

        double expectedLoss = right.ForwardBackward();
        Assert.Equal(expectedLoss, left.ForwardBackward(), expectedLoss * Tolerance.RelativeLoss);

        foreach (Parameter parameter in right.Parameters.All)
        {
            double[] expected = Array.ConvertAll(right.Gradient(parameter.Key).ToArray(), g => (double)g);
            Tolerance.Within(golden.AllowedGradient("grad." + parameter.Key), expected, left.Gradient(parameter.Key), parameter.Key);
        }
    }
}
