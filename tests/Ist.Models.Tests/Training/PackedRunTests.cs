using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;
using Ist.TestSupport;

namespace Ist.Models.Tests.Training;

/// <summary>Runs whose examples share rows.</summary>
public sealed class PackedRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ist-packed-").FullName;

    private static TrainingOptions Options => TrainedLlama.Options with { Packing = true, MaxLength = 2 * RandomTexts.MaxLength, BatchSize = 5, MicroBatchSize = 2 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_step_over_all_examples_has_the_loss_and_the_gradient_of_one_without_packing()
    {
        DataSet data = TrainedLlama.Data;
        int rows = PackedRows.Of(data, Options.MaxLength, prompt: 0, Options.Seed).Count;
        (StepResult packed, float[][] actual, double epoch) = First(Options with { BatchSize = rows });
        (StepResult apart, float[][] expected, _) = First(Options with { Packing = false, BatchSize = data.Rows });

        Assert.InRange(rows, 2, data.Rows / 2);
        Assert.Equal(1, epoch);
        Assert.Equal((data.Tokens, data.TrainedTokens), (packed.Tokens, packed.TrainedTokens));
        Assert.Equal((apart.Tokens, apart.TrainedTokens), (packed.Tokens, packed.TrainedTokens));
        Assert.Equal(apart.Loss, packed.Loss, 1e-6);
        Assert.Equal(apart.GradientNorm, packed.GradientNorm, 1e-5 * apart.GradientNorm);
        float largest = expected.Max(g => g.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
                Assert.Equal(expected[i][j], actual[i][j], 1e-5f * largest);
        }

        static (StepResult Step, float[][] Gradients, double Epoch) First(TrainingOptions options)
        {
            using var llama = new TrainedLlama(options with { MaxGradNorm = 0 }, layers => new AllLayers(layers));
            return (llama.Trainer.Step(), llama.Gradients(), llama.Trainer.Epoch);
        }
    }

    [Fact]
    public void The_loss_falls_with_IST_and_has_the_same_bits_at_1_2_and_7_threads()
    {
        float[][] expected = Trained(1);
        Assert.Equal(expected, Trained(2));
        Assert.Equal(expected, Trained(7));

        static float[][] Trained(int threads)
        {
            using var llama = new TrainedLlama(Options, TrainedLlama.Ist, TrainedLlama.Lora(dropout: .1), threads);
            double before = llama.Trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss;
            while (llama.Trainer.StepsDone < Options.Steps)
                llama.Trainer.Step();
            Assert.True(llama.Trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss < before - .3);
            return llama.Values();
        }
    }

    [Fact]
    public void A_step_allocates_nothing_after_warm_up()
    {
        using var llama = new TrainedLlama(Options, TrainedLlama.Ist, TrainedLlama.Lora(dropout: .1), threads: 2);
        for (int step = 0; step < 8; step++)
            llama.Trainer.Step();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int step = 8; step < 16; step++)
                llama.Trainer.Step();
        }));
    }

    [Fact]
    public void A_run_that_was_stopped_and_resumed_has_the_bits_of_one_that_was_not()
    {
        string whole = Run("whole", stopAfter: 0, Options), cut = Run("cut", stopAfter: 9, Options);
        Run("cut", stopAfter: 0, Options);
        foreach (string name in (string[])["adapter_model.safetensors", "optimizer.safetensors", SelectionState.FileName])
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "checkpoint-24", name)), File.ReadAllBytes(Path.Combine(cut, "checkpoint-24", name)));

        InputException refused = Assert.Throws<InputException>(() => Run("cut", stopAfter: 0, Options with { Packing = false }));
        Assert.Contains("packing", refused.Message, StringComparison.Ordinal);
    }

    private string Run(string name, int stopAfter, TrainingOptions options)
    {
        string output = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        using var llama = new TrainedLlama(options, TrainedLlama.Ist, TrainedLlama.Lora(dropout: .1));
        using var stop = new CancellationTokenSource();
        var run = new TrainingRun(llama.Trainer, null, new TrainingRunOptions { Output = output, SaveEvery = 5 }, new StopAt(stopAfter, stop));
        run.Resume();
        run.Run(stop.Token);
        return output;
    }
}
