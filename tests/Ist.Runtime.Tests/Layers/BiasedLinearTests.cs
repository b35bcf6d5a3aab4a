using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class BiasedLinearTests
{
    // As LinearTests: one more term in a sum changes nothing.
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData(1, 1, 1, 1, DType.F32)]
    [InlineData(1, 1, 257, 130, DType.BF16)]
    [InlineData(2, 29, 37, 101, DType.F16)]
    [InlineData(3, 41, 300, 197, DType.F32)]
    [InlineData(2, 128, 28, 768, DType.BF16)]
    public void Forward_and_backward_are_the_references(int sequences, int time, int inputs, int outputs, DType dtype)
    {
        using var test = new KernelTest(sequences, time);
        BiasedLinear<Model, Ffn> linear = Layer(test, inputs, outputs, dtype, false, out double[] w, out double[] b, out _);
        Act<Model> x = test.Random<Model>(inputs, 1), dx = test.Empty<Model>(inputs);
        Act<Ffn> y = test.Empty<Ffn>(outputs), dy = test.Random<Ffn>(outputs, 2);

        BiasedLinear.Forward(test.Run, y, x, linear);
        BiasedLinear.BackwardSet(test.Run, dx, dy, linear);
        BiasedLinear.BackwardWeights(test.Run, dy, x, linear);

        Numbers.Near(Tolerance, ReferenceBiasedLinear.Forward(test.Doubles(x), w, b), test.Doubles(y), "y");
        double[] expected = ReferenceBiasedLinear.Backward(test.Doubles(dy), test.Doubles(x), w, b).Dx;
        Numbers.Near(Tolerance, expected, test.Doubles(dx), "dx");
        BiasedLinear.BackwardAdd(test.Run, dx, dy, linear);
        Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
    }

    [Theory]
    [InlineData(1, 1, 3, 5)]
    [InlineData(2, 29, 37, 101)]
    [InlineData(2, 150, 28, 130)]
    public void Weight_gradients_add_up(int sequences, int time, int inputs, int outputs)
    {
        using var test = new KernelTest(sequences, time);
        BiasedLinear<Model, Ffn> linear = Layer(test, inputs, outputs, DType.F32, true, out double[] w, out double[] b, out IReadOnlyList<Parameter> parameters);
        Act<Model> x = test.Random<Model>(inputs, 1);
        Act<Ffn> dy = test.Random<Ffn>(outputs, 2);

        BiasedLinear.BackwardWeights(test.Run, dy, x, linear);
        BiasedLinear.BackwardWeights(test.Run, dy, x, linear);

        (_, double[] dw, double[] db) = ReferenceBiasedLinear.Backward(test.Doubles(dy), test.Doubles(x), w, b);
        Numbers.Near(Tolerance, Numbers.Sum(dw, dw), Numbers.Doubles(new ReadOnlySpan<float>(parameters[0].Gradient, w.Length)), "dw");
        Numbers.Near(Tolerance, Numbers.Sum(db, db), Numbers.Doubles(new ReadOnlySpan<float>(parameters[1].Gradient, b.Length)), "db");
    }

    [Fact]
    public void A_row_has_the_same_bits_alone_and_in_a_batch()
    {
        using var test = new KernelTest(1, 140);
        BiasedLinear<Model, Ffn> linear = Layer(test, 530, 300, DType.BF16, false, out _, out _, out _);
        Act<Model> x = test.Random<Model>(530, 1);
        Act<Ffn> batched = test.Empty<Ffn>(300), alone = test.Empty<Ffn>(300);
        BiasedLinear.Forward(test.Run, batched, x, linear);

        test.Fill(1, [(0, 1)]);
        for (int row = 0; row < 140; row += 46)
        {
            BiasedLinear.Forward(test.Run, alone, new Act<Model>(x.Data + row * 530, 530), linear);
            Assert.Equal(batched.Row(row), alone.Row(0));
        }
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] x = Numbers.Random(3 * 4, 1), w = Numbers.Random(5 * 4, 2), b = Numbers.Random(5, 4), dy = Numbers.Random(3 * 5, 3);
        (double[] dx, double[] dw, double[] db) = ReferenceBiasedLinear.Backward(dy, x, w, b);
        FiniteDifferences.Check(v => ReferenceBiasedLinear.Forward(v, w, b), x, dy, dx, "dx");
        FiniteDifferences.Check(v => ReferenceBiasedLinear.Forward(x, v, b), w, dy, dw, "dw");
        FiniteDifferences.Check(v => ReferenceBiasedLinear.Forward(x, w, v), b, dy, db, "db");
    }

    internal static BiasedLinear<Model, Ffn> Layer(
        KernelTest test, int inputs, int outputs, DType dtype, bool trained, out double[] w, out double[] b, out IReadOnlyList<Parameter> parameters)
    {
        BiasedLinear<Model, Ffn> linear = test.LayerWithWeights(
            scope => new BiasedLinear<Model, Ffn>(scope), new Widths().Set<Model>(inputs).Set<Ffn>(outputs), null, dtype, trained,
            out IReadOnlyList<double[]> values, out parameters);
        (w, b) = (values[0], values[1]);
        return linear;
    }
}
