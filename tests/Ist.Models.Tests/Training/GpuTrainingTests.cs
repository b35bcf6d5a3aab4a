using Ist.Models.Tests.Golden;
using Ist.Ptx;
using Ist.Runtime;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>Training on a card that executes and checks the PTX of every kernel on the host, beside the processor.</summary>
public sealed class GpuTrainingTests : IDisposable
{
    private const string Checkpoint = "llama-gqa-tied-rope3";

    private readonly string _folder = Directory.CreateTempSubdirectory("ist-gpu-").FullName;

    // IST probes before the last step, and the micro-batches differ in length.
    private static TrainingOptions Options => TrainedLlama.Options with { Steps = 5, BatchSize = 4, MicroBatchSize = 3 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void LoRA_with_dropout_and_IST_learns_what_it_learns_on_the_processor()
    {
        using var cpu = new CpuDevice(2);
        Losses expected = Train(cpu, Path.Combine(_folder, "cpu.safetensors"));
        using IlgpuDevice gpu = Card();
        Losses actual = Train(gpu, Path.Combine(_folder, "gpu.safetensors")), again = Train(gpu, Path.Combine(_folder, "again.safetensors"));

        // Measured: 5.9e-7 in losses of about 8, 2.1e-7 of a norm.
        Assert.Equal(expected.Steps.Length, actual.Steps.Length);
        for (int i = 0; i < expected.Steps.Length; i++)
        {
            Assert.Equal(expected.Steps[i].Loss, actual.Steps[i].Loss, 3e-6);
            Assert.Equal(expected.Steps[i].GradientNorm, actual.Steps[i].GradientNorm, 1e-6 * expected.Steps[i].GradientNorm);
        }
        Assert.Equal(expected.Layers, actual.Layers);
        Assert.Equal(expected.Evaluation, actual.Evaluation, 3e-6);
        Assert.Equal(actual.Steps, again.Steps);
        Assert.Equal(actual.Evaluation, again.Evaluation);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "gpu.safetensors")), File.ReadAllBytes(Path.Combine(_folder, "again.safetensors")));
    }

    [Fact]
    public void A_layer_without_a_kernel_is_refused_by_name_before_anything_is_allocated()
    {
        using IlgpuDevice gpu = Card();
        long free = gpu.FreeBytes;
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath("gpt2"), _ => TrainedLlama.Lora());
        var e = Assert.Throws<InputException>(() => new Trainer(
            gpu, loaded.Model, loaded.Config.Widths, TrainedLlama.Data, Options, new AllLayers(loaded.Model.LayerCount)));
        Assert.Equal("--device cuda has no kernel for LayerNorm yet; run this model and method with --device cpu.", e.Message);
        Assert.Equal(free, gpu.FreeBytes);
    }

    private static IlgpuDevice Card()
    {
        Assert.SkipWhen(PtxDevice.Missing is not null, PtxDevice.Missing ?? "");
        PtxDevice.Install();
        return IlgpuDevice.Open();
    }

    private static Losses Train(Device device, string adapter)
    {
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath(Checkpoint), _ => TrainedLlama.Lora(dropout: .1));
        using var trainer = new Trainer(device, loaded.Model, loaded.Config.Widths, TrainedLlama.Data, Options, TrainedLlama.Ist(loaded.Model.LayerCount));
        StepResult[] steps = [.. Enumerable.Range(0, Options.Steps).Select(_ => trainer.Step())];
        trainer.Parameters.Save(adapter);
        return new Losses(steps, trainer.LayerCounts.ToArray(), trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss);
    }

    private sealed record Losses(StepResult[] Steps, long[] Layers, double Evaluation);
}
