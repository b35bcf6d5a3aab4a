using Ist.Models.Tests.Golden;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>Training on a card beside the processor.</summary>
[Collection(GpuCollection.Name)]
public sealed class GpuTrainingTests(GpuFixture card) : IDisposable
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
        Result expected = Train(cpu, "cpu"), actual = Train(card.Device, "gpu"), again = Train(card.Device, "again");

        // Measured: 5.9e-7 in losses of about 8, 2.1e-7 of a norm.
        Near(expected, actual, 3e-6, 1e-6);
        Assert.Equal(actual.Steps, again.Steps);
        Assert.Equal(actual.Evaluation.Loss, again.Evaluation.Loss);
        Assert.Equal(File.ReadAllBytes(actual.Adapter), File.ReadAllBytes(again.Adapter));

        Result Train(Device device, string name) =>
            Trained(device, Checkpoint, TrainedLlama.Lora(dropout: .1), TrainedLlama.Data, Options, TrainedLlama.Ist, name);
    }

    /// <summary>What stored numbers of a whole step don't tell: that a card trains the layers that IST chooses, by what it was told of a probe.</summary>
    [Theory]
    [MemberData(nameof(GpuSets.Trained), MemberType = typeof(GpuSets))]
    public void Three_steps_with_IST_are_the_processors(string checkpoint)
    {
        using var cpu = new CpuDevice(2);
        Result expected = Train(cpu), actual = Train(card.Device);

        // Measured: 7.7e-7 in an adapter's values, losses and norms as above; but one entry of BERT's has so small a gradient that rounding
        // decides what AdamW makes of it, up to the learning rate: 5.8e-5 apart, and then 4.4e-6 in losses and 2.4e-6 of a norm.
        Near(expected, actual, 1e-5, 5e-6);
        int apart = 0;
        using SafeTensorsFile one = new(expected.Adapter), other = new(actual.Adapter);
        Assert.Equal(one.Tensors.Keys, other.Tensors.Keys);
        foreach (TensorEntry tensor in one.Tensors.Values)
        {
            (float[] values, float[] own) = (new float[tensor.Count], new float[tensor.Count]);
            one.CopyTo(tensor, values);
            other.CopyTo(other.Tensors[tensor.Name], own);
            apart += values.Zip(own).Count(pair => !(Math.Abs(pair.First - pair.Second) <= 3e-6));
        }
        Assert.InRange(apart, 0, 1);

        Result Train(Device device) => Trained(
            device, checkpoint, TrainedLlama.Lora(), GpuSets.Texts(checkpoint), Options with { Steps = 3 },
            layers => new ImportanceSparseTuning(layers, 3, new IstOptions { Interval = 2 }), device.Name);
    }

    /// <summary>
    /// Activations and their gradients in BF16: each is rounded by at most 2^-9 of it, as factors of products are in any case, this way and that.
    /// </summary>
    [Theory]
    [InlineData("llama-mha")]
    [InlineData("gpt2")]
    [InlineData("bert-cls")]
    [InlineData("mixtral")]
    public void Three_steps_in_BF16_are_nearly_the_processors(string checkpoint)
    {
        using var cpu = new CpuDevice(2);
        Result expected = Train(cpu, Precision.F32, "cpu"), actual = Train(card.Device, Precision.BF16, "bf16");

        // Measured: 8.3e-3 in losses of 0.7 to 8.3, 3.1e-3 of a norm.
        Near(expected, actual, 2e-2, 1e-2);
        Assert.NotEqual(expected.Steps[0].Loss, actual.Steps[0].Loss);

        Result Train(Device device, Precision precision, string name) => Trained(
            device, checkpoint, TrainedLlama.Lora(), GpuSets.Texts(checkpoint), Options with { Steps = 3, Precision = precision },
            layers => new ImportanceSparseTuning(layers, 3, new IstOptions { Interval = 2 }), name);
    }

    /// <summary>
    /// Products on tensor cores: factors are rounded by at most 2^-9 of each in BF16 and 2^-11 in TF32, this way and that, so losses of about 8 move in
    /// their fourth digit.
    /// </summary>
    [Fact]
    public void Rounded_products_learn_nearly_the_same()
    {
        Result exact = Train(Precision.F32, "fp32"), bf16 = Train(Precision.BF16, "bf16"), again = Train(Precision.BF16, "again"), tf32 = Train(Precision.TF32, "tf32");

        // Measured: 5.5e-3 in losses and 9.2e-4 of a norm, with TF32 1.4e-3 and 6.6e-4.
        Near(exact, bf16, 2e-2, 4e-3);
        Near(exact, tf32, 5e-3, 3e-3);
        Assert.All([bf16, tf32], rounded => Assert.NotEqual(exact.Steps[0].Loss, rounded.Steps[0].Loss));
        Assert.Equal(bf16.Steps, again.Steps);
        Assert.Equal(File.ReadAllBytes(bf16.Adapter), File.ReadAllBytes(again.Adapter));

        Result Train(Precision precision, string name) => Trained(
            card.Device, Checkpoint, TrainedLlama.Lora(), TrainedLlama.Data, Options with { Steps = 2, Precision = precision }, layers => new FixedLayers(layers, [1]), name);
    }

    /// <summary>
    /// Heads of 32 elements and more are on tensor cores, in F32 as on the processor, and else with the scores' and the values' factors rounded too: groups
    /// of heads, windows, caps and slopes by distance, over texts of more than one tile of keys.
    /// </summary>
    [Theory]
    [InlineData("llama-gqa-tied-rope3", """{ "head_dim": 64, "num_hidden_layers": 1 }""", Precision.BF16)]
    [InlineData("gemma2", """{ "head_dim": 72, "sliding_window": 20, "num_hidden_layers": 2, "layer_types": ["sliding_attention", "full_attention"] }""", Precision.BF16)]
    [InlineData("bloom", """{ "hidden_size": 96, "n_head": 3, "n_layer": 1 }""", Precision.TF32)]
    public void Attention_on_tensor_cores_learns_nearly_the_same(string checkpoint, string changes, Precision precision)
    {
        using RandomCheckpoint wide = RandomCheckpoint.Of(GoldenSet.CheckpointPath(checkpoint), changes);
        DataSet texts = RandomTexts.Rows(2, seed: 6, longest: 75);
        Assert.True(texts.Longest > 64);
        using var cpu = new CpuDevice(2);
        Result expected = Train(cpu, Precision.F32);

        // Measured: 2.3e-7 in losses and 6.1e-8 of a norm.
        Near(expected, OnTensorCores(Precision.F32), 1e-6, 1e-6);
        // Measured: 1.2e-3 in losses and 1.4e-3 of a norm.
        Near(expected, OnTensorCores(precision), 4e-3, 4e-3);

        Result OnTensorCores(Precision precision)
        {
            var profile = new WorkProfile();
            card.Device.Profile = profile;
            try
            {
                Result result = Train(card.Device, precision);
                Assert.Superset(
                    new HashSet<string> { "SoftmaxAttention.TensorForward", "SoftmaxAttention.TensorQueries", "SoftmaxAttention.TensorKeys" },
                    profile.Jobs.Select(jobs => jobs.Kernel).ToHashSet());
                return result;
            }
            finally
            {
                card.Device.Profile = null;
            }
        }

        Result Train(Device device, Precision precision) => Trained(
            device, wide.Path, TrainedLlama.Lora(), texts, Options with { Steps = 1, BatchSize = 2, MicroBatchSize = 2, MaxLength = 75, Precision = precision },
            layers => new FixedLayers(layers, [0]), device.Name);
    }

    /// <summary>Matrices in F32 are BF16 on the card, where norms stay as they are.</summary>
    [Fact]
    public void What_is_stored_in_BF16_is_planned_so()
    {
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath(Checkpoint), _ => TrainedLlama.Lora());
        TrainingOptions rounded = Options with { Precision = Precision.BF16 };
        long matrices = loaded.Model.Contents.Weights.Where(weight => weight.Shape.Count == 2).Sum(weight => weight.StoredBytes);
        long others = loaded.Model.Contents.Weights.Sum(weight => weight.StoredBytes) - matrices;
        MemoryPlan plan = Trainer.Plan(loaded.Model, loaded.Config.Widths, rounded, new AllLayers(loaded.Model.LayerCount));
        Assert.Equal(matrices / 2 + others, plan[MemoryKind.BaseWeights]);

        IlgpuDevice gpu = card.Device;
        long taken = gpu.TakenBytes;
        using var trainer = new Trainer(gpu, loaded.Model, loaded.Config.Widths, TrainedLlama.Data, rounded, new AllLayers(loaded.Model.LayerCount));
        Assert.Equal(plan.Total - plan[MemoryKind.BaseWeights], trainer.ArenaBytes);
        // Half of what a layer keeps: both norms, queries, keys, values and what they make, gate, up and their product; what is added to the stream is F32.
        Widths widths = loaded.Config.Widths;
        long each = 2L * widths.Of<Model>() + 2L * widths.Of<Query>() + 2L * widths.Of<KeyValue>() + 3L * widths.Of<Ffn>();
        long exact = Trainer.Plan(loaded.Model, widths, Options, new AllLayers(loaded.Model.LayerCount))[MemoryKind.SavedActivations];
        Assert.Equal(Options.Sequences * Options.MaxLength * each * loaded.Model.LayerCount * sizeof(ushort), exact - plan[MemoryKind.SavedActivations]);

        // Each tensor begins at a multiple of 256.
        Assert.InRange(gpu.TakenBytes - taken - trainer.ArenaBytes, plan[MemoryKind.BaseWeights], plan[MemoryKind.BaseWeights] + 256 * loaded.Model.Contents.Weights.Count);
    }

    [Fact]
    public void The_processor_rounds_no_products()
    {
        using var cpu = new CpuDevice(1);
        var e = Assert.Throws<InputException>(() => Trained(
            cpu, Checkpoint, TrainedLlama.Lora(), TrainedLlama.Data, Options with { Precision = Precision.TF32 }, TrainedLlama.Ist, "cpu"));
        Assert.Equal("precision tf32 is for a GPU, and the processor computes in fp32; leave it out, or give --device cuda.", e.Message);
    }

    [Fact]
    public void DoRA_with_first_order_probes_and_freed_moments_learns_what_it_learns_on_the_processor()
    {
        using var cpu = new CpuDevice(2);
        Near(Train(cpu), Train(card.Device), 3e-6, 1e-6);

        Result Train(Device device) => Trained(
            device, Checkpoint, new LoraOptions(TrainedLlama.Lora(dropout: .1).Config with { UseDora = true }, "the test"), TrainedLlama.Data,
            Options with { Steps = 3, InactiveMoments = InactiveMoments.Free }, layers => new ImportanceSparseTuning(layers, 3, new IstOptions { Interval = 2, Probe = ProbeKind.FirstOrder }),
            device.Name);
    }

    [Fact]
    public void A_projected_prefix_learns_from_packed_examples_what_it_learns_on_the_processor()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha", "prefix_proj");
        PeftOptions prefix = (PrefixOptions)PeftCase.Options(golden) with { TrainsEncoder = true };
        using var cpu = new CpuDevice(2);
        Near(Train(cpu), Train(card.Device), 3e-6, 1e-6);

        Result Train(Device device) => Trained(
            device, "llama-mha", prefix, TrainedLlama.Data, Options with { Steps = 3, Packing = true }, layers => new AllLayers(layers), device.Name);
    }

    [Fact]
    public void What_a_card_can_not_do_is_refused_before_anything_is_allocated()
    {
        IlgpuDevice gpu = card.Device;
        long taken = gpu.TakenBytes;
        using RandomCheckpoint wide = RandomCheckpoint.Of(GoldenSet.CheckpointPath("llama-mha"), """{ "head_dim": 258 }""");
        using LoadedModel loaded = LoadedModel.Load(wide.Path, _ => TrainedLlama.Lora());
        var e = Assert.Throws<InputException>(() => new Trainer(
            gpu, loaded.Model, loaded.Config.Widths, TrainedLlama.Data, Options, new AllLayers(loaded.Model.LayerCount)));
        Assert.Equal("--device cuda has no kernel for attention with heads of more than 256 elements yet; run this model and method with --device cpu.", e.Message);
        Assert.Equal(taken, gpu.TakenBytes);
    }

    private static void Near(Result expected, Result actual, double loss, double norm)
    {
        Assert.Equal(expected.Steps.Length, actual.Steps.Length);
        for (int i = 0; i < expected.Steps.Length; i++)
        {
            Assert.Equal(expected.Steps[i].Loss, actual.Steps[i].Loss, loss);
            Assert.Equal(expected.Steps[i].GradientNorm, actual.Steps[i].GradientNorm, norm * expected.Steps[i].GradientNorm);
        }
        Assert.Equal(expected.Layers, actual.Layers);
        Assert.Equal(expected.Evaluation.Loss, actual.Evaluation.Loss, loss);
        Assert.Equal(expected.Evaluation.Accuracy, actual.Evaluation.Accuracy);
    }

    private Result Trained(Device device, string checkpoint, PeftOptions peft, DataSet data, TrainingOptions options, Func<int, ISelectionPolicy> policy, string name)
    {
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath(checkpoint), _ => peft);
        using var trainer = new Trainer(device, loaded.Model, loaded.Config.Widths, data, options, policy(loaded.Model.LayerCount));
        StepResult[] steps = [.. Enumerable.Range(0, options.Steps).Select(_ => trainer.Step())];
        string adapter = Path.Combine(_folder, name + ".safetensors");
        trainer.Parameters.Save(adapter);
        return new Result(steps, trainer.LayerCounts.ToArray(), trainer.Evaluator.Evaluate(data), adapter);
    }

    private sealed record Result(StepResult[] Steps, long[] Layers, EvaluationResult Evaluation, string Adapter);
}
