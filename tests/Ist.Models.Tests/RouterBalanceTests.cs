using System.Text.Json.Nodes;
using Ist.Models.Tests.Golden;
using Ist.Models.Tests.Training;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;
using Ist.TestSupport;

namespace Ist.Models.Tests;

/// <summary>The load-balancing loss of Mixtral's routers, which output_router_logits switches on.</summary>
public sealed class RouterBalanceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ist-balance-").FullName;

    public RouterBalanceTests()
    {
        string from = GoldenSet.CheckpointPath("mixtral");
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(from, "config.json")))!.AsObject();
        config["output_router_logits"] = true;
        File.WriteAllText(Path.Combine(_folder, "config.json"), config.ToJsonString());
        File.Copy(Path.Combine(from, "model.safetensors"), Path.Combine(_folder, "model.safetensors"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_loss_and_the_routers_gradients_are_those_of_transformers()
    {
        using GoldenSet golden = GoldenSet.Open("mixtral");
        using var model = new ModelUnderTest(_folder, new FullOptions(), golden);

        double loss = model.ForwardBackward();

        double balance = golden.Doubles("aux_loss")[0], total = golden.Doubles("aux_total_loss")[0];
        Assert.Equal(0.02 * balance, model.Model.Contents.AuxiliaryLoss, 1e-7);
        Assert.Equal(total, loss, total * Tolerance.RelativeLoss);
        string[] gates = [.. golden.Names.Where(n => n.StartsWith("aux_grad.", StringComparison.Ordinal))];
        Assert.Equal(3, gates.Length);
        foreach (string name in gates)
            Tolerance.Near(Tolerance.Gradient, golden.Doubles(name), model.Gradient(name["aux_grad.".Length..]), name);
    }

    [Fact]
    public void Training_and_evaluation_count_it()
    {
        var options = TrainedLlama.Options with { BatchSize = 40, Steps = 2, LearningRate = 1e-9 };
        double balanced = Losses(_folder, options), plain = Losses(GoldenSet.CheckpointPath("mixtral"), options);

        // Four experts of which two are chosen: 2 when all are chosen alike, and never more than 4.
        Assert.InRange(balanced - plain, 0.02 * 1.9, 0.02 * 4);
    }

    [Fact]
    public void The_loss_falls_with_IST_and_a_step_allocates_nothing()
    {
        using var mixtral = new TrainedLlama(TrainedLlama.Options with { MicroBatchSize = 3 }, TrainedLlama.Ist, TrainedLlama.Lora(.1), threads: 2, checkpoint: _folder);
        double before = mixtral.Trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss;
        for (int step = 0; step < 8; step++)
            mixtral.Trainer.Step();

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int step = 8; step < 16; step++)
                mixtral.Trainer.Step();
        }));

        double fall = before - mixtral.Trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss;
        Assert.True(fall > .2, $"{fall}");
    }

    private static double Losses(string folder, TrainingOptions options)
    {
        using LoadedModel loaded = LoadedModel.Load(folder, _ => TrainedLlama.Lora());
        using var device = new CpuDevice(2);
        using var trainer = new Trainer(device, loaded.Model, loaded.Config.Widths, TrainedLlama.Data, options, new AllLayers(loaded.Model.LayerCount));
        double evaluated = trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss;
        Assert.Equal(evaluated, trainer.Step().Loss, 1e-5 * evaluated);
        return evaluated;
    }
}
