using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class LinearTests
{
    // Measured: 6.3e-7 of the largest entry, for sums of up to 768 products.
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData(1, 1, 1, 1, DType.F32)]
    [InlineData(1, 1, 257, 130, DType.BF16)]
    [InlineData(1, 7, 64, 16, DType.F16)]
    [InlineData(2, 29, 37, 101, DType.BF16)]
    [InlineData(3, 41, 300, 197, DType.F32)]
    [InlineData(2, 128, 288, 768, DType.F16)]
    public void Forward_and_backward_are_the_references(int sequences, int time, int inputs, int outputs, DType dtype)
    {
        using var test = new KernelTest(sequences, time);
        Linear<Model, Ffn> linear = Layer(test, inputs, outputs, dtype, false, out double[] w, out _);
        Act<Model> x = test.Random<Model>(inputs, 1), dx = test.Empty<Model>(inputs);
        Act<Ffn> y = test.Empty<Ffn>(outputs), dy = test.Random<Ffn>(outputs, 2);

        Linear.Forward(test.Run, y, x, linear);
        Linear.BackwardSet(test.Run, dx, dy, linear);
        Linear.BackwardWeights(test.Run, dy, x, linear);

        Numbers.Near(Tolerance, ReferenceLinear.Forward(test.Doubles(x), w, inputs, outputs), test.Doubles(y), "y");
        double[] expected = ReferenceLinear.Backward(test.Doubles(dy), test.Doubles(x), w, inputs, outputs).Dx;
        Numbers.Near(Tolerance, expected, test.Doubles(dx), "dx");
        Linear.BackwardAdd(test.Run, dx, dy, linear);
        Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
    }

    [Theory]
    [InlineData(1, 1, 3, 5)]
    [InlineData(2, 29, 37, 101)]
    [InlineData(2, 150, 288, 130)]
    public void Weight_gradients_add_up(int sequences, int time, int inputs, int outputs)
    {
        using var test = new KernelTest(sequences, time);
        Linear<Model, Ffn> linear = Layer(test, inputs, outputs, DType.F32, true, out double[] w, out Parameter? parameter);
        Act<Model> x = test.Random<Model>(inputs, 1);
        Act<Ffn> dy = test.Random<Ffn>(outputs, 2);

        Linear.BackwardWeights(test.Run, dy, x, linear);
        Linear.BackwardWeights(test.Run, dy, x, linear);

        double[] twice = [.. ReferenceLinear.Backward(test.Doubles(dy), test.Doubles(x), w, inputs, outputs).Dw.Select(g => 2 * g)];
        Numbers.Near(Tolerance, twice, Numbers.Doubles(new ReadOnlySpan<float>(parameter!.Gradient, w.Length)), "dw");
    }

    [Theory]
    [InlineData(DType.F32)]
    [InlineData(DType.BF16)]
    [InlineData(DType.F16)]
    public void A_row_has_the_same_bits_alone_and_in_a_batch(DType dtype)
    {
        using var test = new KernelTest(1, 140);
        Linear<Model, Ffn> linear = Layer(test, 530, 300, dtype, false, out _, out _);
        Act<Model> x = test.Random<Model>(530, 1);
        Act<Ffn> batched = test.Empty<Ffn>(300), alone = test.Empty<Ffn>(300);
        Linear.Forward(test.Run, batched, x, linear);

        test.Fill(1, [(0, 1)]);
        for (int row = 0; row < 140; row += 46)
        {
            Linear.Forward(test.Run, alone, new Act<Model>(x.Data + row * 530, 530), linear);
            Assert.Equal(batched.Row(row), alone.Row(0));
        }
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] x = Numbers.Random(3 * 4, 1), w = Numbers.Random(5 * 4, 2), dy = Numbers.Random(3 * 5, 3);
        (double[] dx, double[] dw) = ReferenceLinear.Backward(dy, x, w, 4, 5);
        FiniteDifferences.Check(v => ReferenceLinear.Forward(v, w, 4, 5), x, dy, dx, "dx");
        FiniteDifferences.Check(v => ReferenceLinear.Forward(x, v, 4, 5), w, dy, dw, "dw");
    }

    internal static Linear<Model, Ffn> Layer(
        KernelTest test, int inputs, int outputs, DType dtype, bool trained, out double[] w, out Parameter? parameter) => test.Layer(
        scope => new Linear<Model, Ffn>(scope), new Widths().Set<Model>(inputs).Set<Ffn>(outputs), null, dtype, trained, out w, out parameter);
}
