using Ist.Models.Tests.Golden;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests;

/// <summary>A layer that is passed through in a step hands down the gradient that a trained one does, to the bit, and adds none of its own.</summary>
public sealed class BackwardInputTests
{
    [Theory]
    [InlineData("lora", 0.0, 1f)]
    [InlineData("lora", 0.3, 1f)]
    [InlineData("lora", 0.0, 0.25f)]
    [InlineData("dora", 0.0, 1f)]
    [InlineData("dora", 0.3, 1f)]
    [InlineData("dora", 0.3, 0.25f)]
    [InlineData("vera", 0.0, 1f)]
    [InlineData("vera", 0.3, 1f)]
    [InlineData("vera", 0.3, 0.25f)]
    [InlineData("ia3", 0.0, 1f)]
    [InlineData("ia3", 0.0, 0.25f)]
    [InlineData("prefix", 0.0, 1f)]
    [InlineData("prefix", 0.0, 0.25f)]
    [InlineData("adapters/houlsby", 0.0, 1f)]
    [InlineData("adapters/houlsby", 0.3, 0.25f)]
    [InlineData("adapters/pfeiffer", 0.0, 1f)]
    [InlineData("adapters/pfeiffer", 0.3, 0.25f)]
    [InlineData("adapters/parallel", 0.0, 1f)]
    [InlineData("adapters/parallel", 0.3, 0.25f)]
    public void Equals_the_dx_of_Backward(string adapter, double dropout, float adapterScale)
    {
        string checkpoint = adapter.Contains('/') ? "llama-mha" : "llama-gqa-tied-rope3";
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest test = PeftCase.Load(checkpoint, golden, dropout);
        test.Run.AdapterScales = [adapterScale, adapterScale, adapterScale];
        switch (test.Model)
        {
            case Llama<Lora> lora:
                Compare(test, lora);
                break;
            case Llama<Dora> dora:
                Compare(test, dora);
                break;
            case Llama<Vera> vera:
                Compare(test, vera);
                break;
            case Llama<BranchAdapter> adapters:
                Compare(test, adapters);
                break;
            case Llama<Ia3> ia3:
                Compare(test, ia3);
                break;
            case Llama<PrefixTuning> prefix:
                Compare(test, prefix);
                break;
            default:
                Assert.Fail($"{test.Model} is not compared");
                break;
        }
    }

    private static unsafe void Compare<P>(ModelUnderTest test, Llama<P> llama) where P : IPeft<P>
    {
        Llama<P>.Activations? a = null;
        Llama<P>.Trained? t = null;
        Llama<P>.Scratch? s = null;
        Llama<P>.Gradients? d = null;
        Act<Model> dy = default, expected = default, passed = default;
        using Arena arena = Arena.Create(test.Device, Purpose.Training, test.Widths, test.Batch.Sequences, test.Batch.Time, r =>
        {
            (a, t) = (new(r.Keeping, llama), new(r.Keeping, llama));
            (s, d) = (new(r.Forward, llama), new(r.Backward, llama));
            (dy, expected, passed) = (r.Scratch<Model>(), r.Scratch<Model>(), r.Scratch<Model>());
        });
        test.Run.Training = true;
        llama.Forward(test.Run, test.Run.Tokens, a!, t!, s!, test.Plan, firstLayer: 0);
        for (int i = 0; i < test.Batch.Rows * dy.Width; i++)
            dy.Data[i] = MathF.Sin(i);

        for (int l = 0; l < llama.LayerCount; l++)
        {
            test.Run.Enter(l);
            test.Parameters.ClearGradients(test.Parameters.All);
            llama.Blocks[l].BackwardInput(test.Run, passed, dy, a!.Blocks[l], a.InsideBlocks[l], d!.InsideBlocks);
            Assert.All(test.Parameters.All.ToArray(), p => Assert.False(HasGradient(p), $"{p.Key} got a gradient"));

            llama.Blocks[l].Backward(test.Run, expected, dy, a.Blocks[l], a.InsideBlocks[l], t!.InsideBlocks[l], d.InsideBlocks);
            Assert.All(test.Parameters.All.ToArray(), p => Assert.Equal(p.Layer == l, HasGradient(p)));
            Assert.True(expected.Rows(test.Batch.Rows).SequenceEqual(passed.Rows(test.Batch.Rows)), $"layer {l}");
        }
    }

    private static unsafe bool HasGradient(Parameter parameter) =>
        new ReadOnlySpan<float>(parameter.Gradient, (int)parameter.Count).IndexOfAnyExcept(0f) >= 0;
}
