using Ist.Models.Tests.Golden;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>BERT with pairs of texts and three labels, RoBERTa with two, against the numbers of transformers.</summary>
[Collection(GpuCollection.Name)]
public sealed class ClassifierGoldenTests(GpuFixture card)
{
    public static TheoryData<string, string> OnDevices => GpuSets.With(Checkpoints);

    public static TheoryData<string> Checkpoints => GoldenSet.Classifiers;

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
        Assert.Equal(stored, model.Parameters.All.ToArray().Select(p => "grad." + p.Key).Order(StringComparer.Ordinal));
        foreach (string name in stored.Where(n => !golden.NearZeroGradients.Contains(n["grad.".Length..])))
            Tolerance.Near(Tolerance.Gradient, golden.Doubles(name), model.Gradient(name["grad.".Length..]), name);
    }

    /// <summary>A softmax does not change with what all its scores have in common, so what is left of these gradients is noise.</summary>
    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Biases_of_keys_have_no_gradient(string checkpoint)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using var model = new ModelUnderTest(checkpoint, new FullOptions(), golden);

        model.ForwardBackward();

        Assert.Equal(model.Model.LayerCount, golden.NearZeroGradients.Count);
        foreach (string key in golden.NearZeroGradients)
        {
            foreach (float entry in model.Gradient(key))
                Assert.Equal(0, entry, 1e-6);
        }
    }
}
