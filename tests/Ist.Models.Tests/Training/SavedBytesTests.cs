using Ist.Models.Tests.Golden;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>What a step tells of the memory that its draw saves is what a run takes that trains these layers in every step.</summary>
public sealed class SavedBytesTests
{
    [Theory]
    [InlineData("llama-gqa-tied-rope3", false)]
    [InlineData("llama-gqa-tied-rope3", true)]
    [InlineData("mixtral", false)]
    [InlineData("gpt2", false)]
    public void Are_those_of_a_run_of_the_same_layers(string checkpoint, bool recomputes)
    {
        TrainingOptions options = TrainedLlama.Options with { GradientCheckpointing = recomputes };
        using var llama = new TrainedLlama(options, layers => new RandomSelection(layers, 3), checkpoint: checkpoint);
        var seen = new HashSet<long>();
        for (int step = 0; step < 12; step++)
        {
            StepResult result = llama.Trainer.Step();
            int layer = Enumerable.Range(0, llama.Layers).Single(llama.Trainer.Selected.Trains);
            Assert.Equal(llama.Layers - layer, result.BackwardDepth);

            using LoadedModel other = LoadedModel.Load(GoldenSet.CheckpointPath(checkpoint), _ => TrainedLlama.Lora());
            MemoryPlan plan = Trainer.Plan(other.Model, other.Config.Widths, options, new FixedLayers(llama.Layers, [layer]));
            Assert.Equal(plan[MemoryKind.SavedActivations], result.SavedBytes);
            seen.Add(result.SavedBytes);
        }
        Assert.Equal(!recomputes, seen.Count > 1); // Layers that are computed again share what they keep.
    }
}
