using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>A mixture of experts on the GPU beside the processor, whose kernels are tested against the reference.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class MixtureKernelTests(GpuFixture fixture)
{
    // Measured: 1.8e-7 of the largest entry (dw).
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(1, 1, 3, 2, 4, 5)]
    [InlineData(2, 5, 4, 2, 7, 6)]
    [InlineData(3, 11, 8, 3, 33, 17)]
    [InlineData(1, 150, 2, 1, 8, 12)]
    [InlineData(2, 3, 30, 2, 16, 132)]
    public void A_mixture_is_the_processors(int sequences, int time, int experts, int perRow, int inputs, int outputs)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        ExpertLinear<Model, Ffn> linear = MixtureTests.Layer(cpu, experts, inputs, outputs, true, out _, out IReadOnlyList<Parameter> parameters);
        TopExperts<Experts> choice = TopExpertsTests.Layer(cpu, experts, perRow);
        var values = new Values(cpu, experts, perRow, inputs, outputs);
        Values onGpu = values.On(test);

        values.Pass(cpu.Run, linear, choice);
        double[][] expected = [.. parameters.Select(p => Numbers.Doubles(new ReadOnlySpan<float>(p.Gradient, (int)p.Count)))];
        foreach (Parameter parameter in parameters)
        {
            new Span<float>(parameter.Gradient, (int)parameter.Count).Clear();
            test.Move(parameter);
        }
        onGpu.Pass(test.Run, linear, choice);

        Assert.Equal(new ReadOnlySpan<int>(values.Routes.Data, 3 * cpu.Rows * perRow), test.Integers(onGpu.Routes.Data, 3L * cpu.Rows * perRow));
        test.Near(Tolerance, values.Weights, onGpu.Weights, "weights");
        test.Near(Tolerance, values.Y, onGpu.Y, "y");
        test.Near(Tolerance, values.DX, onGpu.DX, "dx");
        // With one choice its weight is 1, and what goes back is 0 but for rounding.
        if (perRow > 1)
            test.Near(Tolerance, values.DLogits, onGpu.DLogits, "dlogits");
        double[][] gradients = [.. parameters.Select(p => Numbers.Doubles(test.Floats(p.Gradient, p.Count)))];
        Numbers.Near(Tolerance, [.. expected.SelectMany(g => g)], [.. gradients.SelectMany(g => g)], "dw");

        float[] before = test.Floats(onGpu.DX);
        onGpu.Pass(test.Run, linear, choice);
        Assert.Equal(before, test.Floats(onGpu.DX));
    }

    [Fact]
    public void Equal_logits_go_to_the_expert_that_comes_first()
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 2));
        TopExperts<Experts> choice = TopExpertsTests.Layer(test.Cpu, 4, 2);
        Act<Experts> logits = test.Cpu.Empty<Experts>(4);
        new float[] { 1, 3, 3, 3 }.CopyTo(logits.Row(0));
        Ids<Routes> routes = new((int*)test.Copy(test.Cpu.Empty<Own>(6)).Data, 6);

        TopExperts.Forward(test.Run, test.Copy(test.Cpu.Empty<Chosen>(2)), routes, test.Copy(logits), choice);

        Assert.Equal([0, 1, 1, 2], test.Integers(routes.Data + 8, 4));
    }

    [Fact]
    public void The_balance_is_the_processors()
    {
        const int experts = 6, perRow = 2;
        using var test = new GpuTest(fixture, new KernelTest(40, [(0, 40), (11, 40), (0, 3)]));
        KernelTest cpu = test.Cpu;
        (cpu.Run.AuxiliaryWeight, test.Run.AuxiliaryWeight) = (0.25f, 0.25f);
        TopExperts<Experts> choice = TopExpertsTests.Layer(cpu, experts, perRow, coefficient: 0.02f), other = TopExpertsTests.Layer(cpu, experts, perRow, coefficient: 0.02f);
        Act<Experts> logits = cpu.Random<Experts>(experts, 1, 4), dlogits = cpu.Empty<Experts>(experts);
        Act<Chosen> weights = cpu.Empty<Chosen>(perRow), dweights = cpu.Random<Chosen>(perRow, 2, 1e-5f);
        Ids<Routes> routes = TopExpertsTests.Routes(cpu, perRow), groutes = new((int*)test.Copy((float*)routes.Data, 3L * cpu.Rows * perRow), 3 * perRow);
        (Act<Experts> glogits, Act<Experts> gdlogits, Act<Chosen> gweights, Act<Chosen> gdweights) = (test.Copy(logits), test.Copy(dlogits), test.Copy(weights), test.Copy(dweights));

        TopExperts.Forward(cpu.Run, weights, routes, logits, choice);
        TopExperts.BackwardSet(cpu.Run, dlogits, dweights, weights, routes, logits, choice);
        TopExperts.Forward(test.Run, gweights, groutes, glogits, other);
        TopExperts.BackwardSet(test.Run, gdlogits, gdweights, gweights, groutes, glogits, other);

        Assert.Equal(choice.Balance.Value, other.Balance.Value, 1e-9);
        // What is added is a difference of numbers about as large; measured: 1.2e-6.
        test.Near(3e-6, dlogits, gdlogits, "dlogits");
    }

    /// <summary>The buffers of a mixture.</summary>
    private sealed class Values
    {
        public Values(KernelTest test, int experts, int perRow, int inputs, int outputs)
        {
            (Logits, DLogits) = (test.Random<Experts>(experts, 1, 4), test.Empty<Experts>(experts));
            (Weights, DWeights) = (test.Empty<Chosen>(perRow), test.Empty<Chosen>(perRow));
            Routes = TopExpertsTests.Routes(test, perRow);
            (X, DX) = (test.Random<Model>(inputs, 2), test.Empty<Model>(inputs));
            (Copies, DCopies) = (test.Empty<Routed<Model>>(perRow * inputs), test.Empty<Routed<Model>>(perRow * inputs));
            (Made, DMade) = (test.Empty<Routed<Ffn>>(perRow * outputs), test.Empty<Routed<Ffn>>(perRow * outputs));
            (Y, DY) = (test.Empty<Ffn>(outputs), test.Random<Ffn>(outputs, 3));
        }

        private Values(Values from, GpuTest test)
        {
            (Logits, DLogits) = (test.Copy(from.Logits), test.Copy(from.DLogits));
            (Weights, DWeights) = (test.Copy(from.Weights), test.Copy(from.DWeights));
            Routes = new((int*)test.Copy((float*)from.Routes.Data, (long)test.Cpu.Rows * from.Routes.Width), from.Routes.Width);
            (X, DX, Y, DY) = (test.Copy(from.X), test.Copy(from.DX), test.Copy(from.Y), test.Copy(from.DY));
            (Copies, DCopies, Made, DMade) = (test.Copy(from.Copies), test.Copy(from.DCopies), test.Copy(from.Made), test.Copy(from.DMade));
        }

        public Act<Experts> Logits { get; }

        public Act<Experts> DLogits { get; }

        public Act<Chosen> Weights { get; }

        public Act<Chosen> DWeights { get; }

        public Ids<Routes> Routes { get; }

        public Act<Model> X { get; }

        public Act<Model> DX { get; }

        public Act<Routed<Model>> Copies { get; }

        public Act<Routed<Model>> DCopies { get; }

        public Act<Routed<Ffn>> Made { get; }

        public Act<Routed<Ffn>> DMade { get; }

        public Act<Ffn> Y { get; }

        public Act<Ffn> DY { get; }

        public Values On(GpuTest test) => new(this, test);

        /// <summary>Forward, and backward twice: set and then added to.</summary>
        public void Pass(Run run, ExpertLinear<Model, Ffn> linear, TopExperts<Experts> choice)
        {
            TopExperts.Forward(run, Weights, Routes, Logits, choice);
            Dispatch.Forward(run, Copies, X, Routes);
            ExpertLinear.Forward(run, Made, Copies, Routes, linear);
            Combine.Forward(run, Y, Made, Weights, Routes);
            Combine.BackwardSet(run, DMade, DWeights, DY, Made, Weights, Routes);
            Combine.BackwardAdd(run, DMade, DWeights, DY, Made, Weights, Routes);
            ExpertLinear.BackwardSet(run, DCopies, DMade, Routes, linear);
            ExpertLinear.BackwardAdd(run, DCopies, DMade, Routes, linear);
            ExpertLinear.BackwardWeights(run, DMade, Copies, Routes, linear);
            Dispatch.BackwardSet(run, DX, DCopies, Routes);
            Dispatch.BackwardAdd(run, DX, DCopies, Routes);
            TopExperts.BackwardSet(run, DLogits, DWeights, Weights, Routes, Logits, choice);
            TopExperts.BackwardAdd(run, DLogits, DWeights, Weights, Routes, Logits, choice);
        }
    }
}
