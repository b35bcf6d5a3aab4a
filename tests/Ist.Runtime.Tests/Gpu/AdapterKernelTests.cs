using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Methods in the slot of a layer on the GPU beside the processor: result, gradients, and that by the adapter scale.</summary>
[Collection(GpuCollection.Name)]
public sealed class AdapterKernelTests(GpuFixture fixture)
{
    // Measured, of the largest entry: 4.7e-7; of the gradient by the scale, one sum in which much cancels, 2.1e-5.
    private const double Tolerance = 2e-6, ScaleTolerance = 6e-5;

    private const string Source = "the test";

    private static readonly ModuleSelector _targets = ModuleSelector.OfNames(["gate_proj"]);

    [Theory]
    [InlineData(1, 5, 3, 1, 0.0)]
    [InlineData(19, 33, 37, 5, 0.3)]
    public void LoRA_with_a_bias(int rows, int inputs, int outputs, int rank, double dropout) =>
        Check<Lora>(Low(rank, dropout, bias: true, dora: false), Plain, DType.F32, rows, inputs, outputs, 0.25f);

    [Theory]
    [InlineData(1, 5, 3, 1, 0.0)]
    [InlineData(19, 70, 37, 5, 0.3)]
    [InlineData(6, 32, 9, 33, 0.0)]
    public void DoRA(int rows, int inputs, int outputs, int rank, double dropout) =>
        Check<Dora>(Low(rank, dropout, bias: false, dora: true), Plain, DType.BF16, rows, inputs, outputs, 0.25f);

    [Theory]
    [InlineData(19, 37, 41, 4, 0.0)]
    [InlineData(3, 8, 36, 2, 0.2)]
    public void DoRA_of_a_weight_that_is_stored_the_other_way(int rows, int inputs, int outputs, int rank, double dropout) =>
        Check<Dora>(Low(rank, dropout, bias: false, dora: true), scope => new Conv1D<Model, Ffn>(scope), DType.F16, rows, inputs, outputs, 1);

    [Theory]
    [InlineData(1, 5, 3, 1, 0.0)]
    [InlineData(19, 33, 37, 6, 0.3)]
    public void VeRA(int rows, int inputs, int outputs, int rank, double dropout) =>
        Check<Vera>(new VeraOptions(new VeraConfig { R = rank, VeraDropout = dropout, TargetModules = _targets }, Source), Plain, DType.F32, rows, inputs, outputs, 0.25f);

    [Theory]
    [InlineData(false, 19, 33, 37)]
    [InlineData(true, 19, 33, 37)]
    public void Ia3_of_the_output_and_of_the_input(bool input, int rows, int inputs, int outputs) => Check<Ia3>(
        new Ia3Options(new Ia3Config { TargetModules = _targets, FeedforwardModules = input ? _targets : ModuleSelector.OfNames([]) }, Source), Plain, DType.F32, rows,
        inputs, outputs, 0.25f);

    [Theory]
    [InlineData("gate_proj", false, "tanh", 2.0, 0.3)]
    [InlineData("down_proj", false, "relu", 1.5, 0.3)]
    [InlineData("gate_proj", true, "gelu", null, 0.0)]
    [InlineData("gate_proj", true, "silu", 0.5, 0.3)]
    public void Bottleneck_adapters(string target, bool beside, string function, double? scaling, double dropout) => Check<Bottleneck>(
        new BottleneckOptions(
            new BottleneckConfig
            {
                TargetModules = ModuleSelector.OfNames([target]),
                BottleneckSize = 7,
                NonLinearity = function,
                Scaling = scaling,
                AdapterDropout = dropout,
                UseParallelAdapter = beside,
            },
            Source),
        Plain, DType.F32, 19, 33, 37, 0.25f);

    private static Linear<Model, Ffn> Plain(Scope scope) => new(scope);

    private static LoraOptions Low(int rank, double dropout, bool bias, bool dora) => new(
        new LoraAdapterConfig { R = rank, LoraAlpha = 2 * rank, LoraDropout = dropout, LoraBias = bias, UseDora = dora, TargetModules = _targets }, Source);

    private void Check<P>(PeftOptions options, Func<Scope, Linear<Model, Ffn>> host, DType dtype, int rows, int inputs, int outputs, float factor) where P : IPeft<P>
    {
        IlgpuDevice gpu = fixture.Device;
        using var batch = new KernelTest(1, rows);
        using AdaptedLayer<P> onCpu = new(batch.Cpu, batch, options, host, dtype, inputs, outputs, factor), onGpu = new(gpu, batch, options, host, dtype, inputs, outputs, factor);
        (string Name, float[] Values)[] expected = onCpu.Pass(), actual = onGpu.Pass(), again = onGpu.Pass();
        for (int i = 0; i < expected.Length; i++)
        {
            Numbers.Near(expected[i].Name == "scale" ? ScaleTolerance : Tolerance, Numbers.Doubles(expected[i].Values), Numbers.Doubles(actual[i].Values), expected[i].Name);
            Assert.Equal(actual[i].Values, again[i].Values);
        }
    }
}
