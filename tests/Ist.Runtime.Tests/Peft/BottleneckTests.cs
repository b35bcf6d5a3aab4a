using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Peft;

/// <summary>Bottleneck adapters in one layer against a plain reference in double, which is its own derivative.</summary>
public sealed unsafe class BottleneckTests
{
    // Sums of up to 41 products, four deep; the gradient by s is one over all rows, in which much cancels.
    private const double Tolerance = 4e-6;
    private const int Inputs = 37, Outputs = 41, Size = 7;

    [Theory]
    [InlineData("before", "tanh", 1.5, 1f)]
    [InlineData("after", "relu", 0.5, 1f)]
    [InlineData("beside", "gelu", 2.0, 1f)]
    [InlineData("before", "silu", null, 1f)]
    [InlineData("after", "tanh", null, 0.25f)]
    [InlineData("beside", "tanh", null, 0.25f)]
    public void Forward_and_backward_are_the_references(string place, string function, double? scaling, float factor)
    {
        using var test = new KernelTest(3, 17);
        var slot = new SlotUnderTest(test, place, function, scaling);
        test.Run.AdapterScales = [factor];
        test.Run.Enter(0);
        Act<Model> x = test.Random<Model>(Inputs, 1), dx = test.Empty<Model>(Inputs), passed = test.Empty<Model>(Inputs);
        Act<Ffn> y = test.Empty<Ffn>(Outputs), dy = test.Random<Ffn>(Outputs, 2);

        slot.Slot.Forward(test.Run, y, slot.Saved, slot.Kept, x, slot.Host);
        slot.Slot.BackwardInputSet(test.Run, passed, dy, slot.Kept, slot.Scratch, slot.Host);
        Assert.All(slot.Parameters, p => Assert.True(new ReadOnlySpan<float>(p.Gradient, (int)p.Count).IndexOfAnyExcept(0f) < 0));
        slot.Slot.BackwardSet(test.Run, dx, dy, x, slot.Saved, slot.Kept, slot.Scratch, slot.Host);

        var reference = slot.Reference(factor);
        Numbers.Near(Tolerance, reference.Forward(test.Doubles(x)), test.Doubles(y), "y");
        (double[] expected, double[] ddown, double[] dup, double dscaling) = reference.Backward(test.Doubles(dy), test.Doubles(x));
        Numbers.Near(Tolerance, expected, test.Doubles(dx), "dx");
        Assert.True(dx.Rows(test.Rows).SequenceEqual(passed.Rows(test.Rows)));
        Numbers.Near(Tolerance, ddown, slot.Gradient("adapter_down.weight"), "ddown");
        Numbers.Near(Tolerance, dup, slot.Gradient("adapter_up.weight"), "dup");
        if (scaling is null)
            Numbers.Near(50 * Tolerance, [dscaling], slot.Gradient("adapter_scaling"), "dscaling");

        slot.Slot.BackwardAdd(test.Run, dx, dy, x, slot.Saved, slot.Kept, slot.Scratch, slot.Host);
        slot.Slot.BackwardInputAdd(test.Run, passed, dy, slot.Kept, slot.Scratch, slot.Host);
        Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
        Assert.True(dx.Rows(test.Rows).SequenceEqual(passed.Rows(test.Rows)));
        Numbers.Near(Tolerance, Numbers.Sum(dup, dup), slot.Gradient("adapter_up.weight"), "twice dup");
        if (scaling is null)
            Numbers.Near(50 * Tolerance, [2 * dscaling], slot.Gradient("adapter_scaling"), "twice dscaling");
    }

    [Theory]
    [InlineData("before", "tanh")]
    [InlineData("after", "silu")]
    [InlineData("beside", "gelu")]
    public void The_reference_is_its_own_derivative(string place, string function)
    {
        using var test = new KernelTest(1, 3);
        var slot = new SlotUnderTest(test, place, function, null);
        var reference = slot.Reference(0.5f);
        double[] x = Numbers.Random(3 * Inputs, 1), dy = Numbers.Random(3 * Outputs, 2);
        (double[] dx, double[] ddown, double[] dup, double dscaling) = reference.Backward(dy, x);
        FiniteDifferences.Check(reference.Forward, x, dy, dx, "dx");
        FiniteDifferences.Check(v => (reference with { Down = v }).Forward(x), reference.Down, dy, ddown, "ddown");
        FiniteDifferences.Check(v => (reference with { Up = v }).Forward(x), reference.Up, dy, dup, "dup");
        FiniteDifferences.Check(v => (reference with { Scaling = v[0] }).Forward(x), [reference.Scaling], dy, [dscaling], "dscaling");
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("beside")]
    public void Dropout_has_the_mask_of_the_forward_pass_in_the_backward_pass(string place)
    {
        using var test = new KernelTest(2, 40);
        var slot = new SlotUnderTest(test, place, "tanh", 1.5, dropout: 0.4);
        test.Run.Training = true;
        Act<Model> x = test.Random<Model>(Inputs, 1), dx = test.Empty<Model>(Inputs), passed = test.Empty<Model>(Inputs);
        Act<Ffn> y = test.Empty<Ffn>(Outputs), dy = test.Random<Ffn>(Outputs, 2);
        slot.Slot.Forward(test.Run, y, slot.Saved, slot.Kept, x, slot.Host);
        slot.Slot.BackwardSet(test.Run, dx, dy, x, slot.Saved, slot.Kept, slot.Scratch, slot.Host);
        slot.Slot.BackwardInputSet(test.Run, passed, dy, slot.Kept, slot.Scratch, slot.Host);
        Assert.True(dx.Rows(test.Rows).SequenceEqual(passed.Rows(test.Rows)));

        // The slope along a direction, by a difference in F32: wrong masks are off by tens of per cent.
        const float step = 1e-2f;
        double slope = 0, up = 0, down = 0;
        Act<Model> moved = test.Random<Model>(Inputs, 3);
        for (int i = 0; i < test.Rows * Inputs; i++)
        {
            slope += (double)dx.Data[i] * moved.Data[i];
            moved.Data[i] = x.Data[i] + step * moved.Data[i];
        }
        slot.Slot.Forward(test.Run, y, slot.Saved, slot.Kept, moved, slot.Host);
        up = Product(y, dy, test.Rows);
        for (int i = 0; i < test.Rows * Inputs; i++)
            moved.Data[i] = 2 * x.Data[i] - moved.Data[i];
        slot.Slot.Forward(test.Run, y, slot.Saved, slot.Kept, moved, slot.Host);
        down = Product(y, dy, test.Rows);
        Assert.Equal(slope, (up - down) / (2 * step), 0.01 * Math.Abs(slope));
    }

    private static double Product(Act<Ffn> y, Act<Ffn> dy, int rows)
    {
        double sum = 0;
        for (int i = 0; i < rows * y.Width; i++)
            sum += (double)y.Data[i] * dy.Data[i];
        return sum;
    }

    private sealed class SlotUnderTest
    {
        private readonly string _place;
        private readonly string _function;
        private readonly double? _scaling;
        private readonly double[] _weight;

        public SlotUnderTest(KernelTest test, string place, string function, double? scaling, double dropout = 0)
        {
            (_place, _function, _scaling) = (place, function, scaling);
            var options = new BottleneckOptions(
                new BottleneckConfig
                {
                    TargetModules = ModuleSelector.OfNames(["gate_proj", "down_proj"]),
                    BottleneckSize = Size,
                    NonLinearity = function,
                    Scaling = scaling,
                    AdapterDropout = dropout,
                    UseParallelAdapter = place == "beside",
                },
                "the test");
            var widths = new Widths().Set<Model>(Inputs).Set<Ffn>(Outputs);
            float[] weight = GC.AllocateArray<float>(Inputs * Outputs, pinned: true);
            Numbers.Fill(weight, 5, 0.5f);
            _weight = Numbers.Doubles(weight);
            var setup = new ModelSetup(widths, new ModelOptions(), false, 0.02f, new OneWeight(weight), options);
            Scope scope = new Scope(setup).Member("layers").InLayer(0).Member(place == "after" ? "down_proj" : "gate_proj");
            Host = new Linear<Model, Ffn>(scope);
            Slot = new LinearSlot<Bottleneck, Model, Ffn>(scope, Host);
            Parameters = setup.Contents.Parameters;
            foreach (Parameter parameter in Parameters)
            {
                parameter.Bind(test.Floats(parameter.Count), test.Floats(parameter.Count));
                Numbers.Fill(new Span<float>(parameter.Value, (int)parameter.Count), (int)parameter.Count, 0.5f);
                if (parameter.Count == 1)
                    parameter.Value[0] = 1.75f;
            }
            Saved = test.Empty<Own>(Slot.SavedWidth);
            Scratch = test.Empty<Own>(Slot.SavedWidth);
            Kept = test.Empty<Own>(Slot.KeptWidth);
            Assert.Null(Assert.Single(setup.Contents.Slots).Merge);
        }

        public Linear<Model, Ffn> Host { get; }

        public LinearSlot<Bottleneck, Model, Ffn> Slot { get; }

        public IReadOnlyList<Parameter> Parameters { get; }

        public Act<Own> Saved { get; }

        public Act<Own> Scratch { get; }

        public Act<Own> Kept { get; }

        public double[] Gradient(string name)
        {
            Parameter parameter = Parameters.Single(p => p.Key.EndsWith(name, StringComparison.Ordinal));
            return Numbers.Doubles(new ReadOnlySpan<float>(parameter.Gradient, (int)parameter.Count));
        }

        public ReferenceBottleneck Reference(float factor)
        {
            double[] Values(int at) => Numbers.Doubles(new ReadOnlySpan<float>(Parameters[at].Value, (int)Parameters[at].Count));
            double scaling = Parameters.Count == 3 ? Values(2)[0] : _scaling!.Value;
            return new ReferenceBottleneck(_place, _function, Inputs, Outputs, Size, _weight, Values(0), Values(1), scaling, factor);
        }
    }

    private sealed class OneWeight(float[] values) : IWeightSource
    {
        public Weight Take(string name, ReadOnlySpan<long> shape) => new(name, values, shape.ToArray());
    }
}
