using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Testing;

namespace OwnModel.Tests;

public class SkiffTests
{
    [Fact]
    public void Generated_code_is_what_was_reviewed() => Snapshot.CheckAll(
        Path.Combine(SourceFolder.Find("samples/OwnModel.Tests"), "snapshots"),
        GeneratedParts.Of(new[] { "Skiff", "SkiffBlock", "SkiffAttention", "SkiffMlp" }.Select(part => SourceFolder.Find($"samples/OwnModel/{part}.cs"))));

    [Fact]
    public void Gradients_of_the_feed_forward_part_are_slopes() =>
        GradientCheck.OfPart(SkiffSize.Setup(new FullOptions()), scope => new SkiffMlp<Full>(scope));

    [Fact]
    public void Gradients_of_all_weights_are_slopes() =>
        GradientCheck.OfModel(SkiffSize.Setup(new FullOptions()), scope => new Skiff<Full>(scope), new GradientOptions { Directions = 1 });

    [Fact]
    public void Gradients_of_adapters_are_slopes()
    {
        var lora = new LoraOptions(new LoraAdapterConfig { TargetModules = Targets.Of(Skiff.Slots.Mix.Query, Skiff.Slots.Think.Down) }, nameof(SkiffTests));
        IReadOnlyList<GradientResult> results =
            GradientCheck.OfModel(SkiffSize.Setup(lora, new RandomWeights()), scope => new Skiff<Lora>(scope), new GradientOptions { Directions = 1 });
        // Four layers, two slots in each, A and B.
        Assert.Equal(16, results.Count);
    }
}
