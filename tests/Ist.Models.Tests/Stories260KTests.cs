using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Generation;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tokenizers;
using Ist.Runtime.Training;
using Ist.TestSupport;

namespace Ist.Models.Tests;

/// <summary>A trained model on real text: what it says, and what LoRA makes of it.</summary>
public sealed class Stories260KTests
{
    [Fact]
    public void Greedy_text_from_the_beginning()
    {
        string folder = SharedFolder.Require("models", "stories260K");
        using LoadedModel loaded = LoadedModel.Load(folder, _ => new NoPeftOptions());
        Tokenizer tokenizer = Tokenizer.Load(folder);
        using var device = new CpuDevice(2);
        using var generator = new TextGenerator(device, loaded.RequireCausalLm(), loaded.Config.Widths, capacity: 64);

        IEnumerable<int> ids = generator.Generate([tokenizer.BosId!.Value], new GenerationOptions { MaxNewTokens = 40 });

        Assert.StartsWith("Once upon a time, there was a little girl named Lily.", tokenizer.Decode(ids.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void LoRA_learns_Shakespeare_as_PyTorch_does()
    {
        // PyTorch's pilot with these settings went from 5.30 to 2.79 nats per token; another order of rows is worth about 0.02.
        string folder = SharedFolder.Require("models", "stories260K");
        DataFile text = DataFile.Load(SharedFolder.Require("data", "tinyshakespeare", "input.txt"));
        DataSet windows = ExampleEncoder.Encode(text, new TokenizerEncoder(Tokenizer.Load(folder)), new EncodingOptions(MaxLength: 64));
        (DataSet train, DataSet heldOut) = DataSplit.HoldOut(windows, 0.05, 42);
        var config = new LoraAdapterConfig { R = 8, LoraAlpha = 16, TargetModules = ModuleSelector.AllLinear };
        using LoadedModel loaded = LoadedModel.Load(folder, _ => new LoraOptions(config, "test"));
        using var device = new CpuDevice(2);
        var options = new TrainingOptions { Steps = 200, BatchSize = 16, MaxLength = 64, LearningRate = 5e-3, Schedule = ScheduleKind.Cosine };
        using var trainer = new Trainer(device, loaded.Model, loaded.Config.Widths, train, options, new AllLayers(loaded.Model.LayerCount));

        double before = trainer.Evaluator.Evaluate(heldOut).Loss;
        for (int step = 0; step < options.Steps; step++)
            trainer.Step();
        double after = trainer.Evaluator.Evaluate(heldOut).Loss;

        Assert.InRange(before, 5.0, 5.4);
        Assert.True(after <= 2.90, $"the held-out loss fell from {before:F3} to {after:F3}; 2.90 or less was expected");
        TestContext.Current.SendDiagnosticMessage($"tinyshakespeare: {before:F3} -> {after:F3}");
    }
}
