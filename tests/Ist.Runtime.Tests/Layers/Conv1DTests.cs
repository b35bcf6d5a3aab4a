using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>The reference is that of <see cref="BiasedLinearTests"/>, with the weight turned.</summary>
public sealed unsafe class Conv1DTests
{
    // As LinearTests.
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
        Conv1D<Model, Ffn> conv = Layer(test, inputs, outputs, dtype, false, out double[] w, out double[] b, out _);
        Act<Model> x = test.Random<Model>(inputs, 1), dx = test.Empty<Model>(inputs);
        Act<Ffn> y = test.Empty<Ffn>(outputs), dy = test.Random<Ffn>(outputs, 2);

        Conv1D.Forward(test.Run, y, x, conv);
        Conv1D.BackwardSet(test.Run, dx, dy, conv);
        Conv1D.BackwardWeights(test.Run, dy, x, conv);

        Numbers.Near(Tolerance, ReferenceBiasedLinear.Forward(test.Doubles(x), w, b), test.Doubles(y), "y");
        double[] expected = ReferenceBiasedLinear.Backward(test.Doubles(dy), test.Doubles(x), w, b).Dx;
        Numbers.Near(Tolerance, expected, test.Doubles(dx), "dx");
        Conv1D.BackwardAdd(test.Run, dx, dy, conv);
        Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
    }

    [Theory]
    [InlineData(1, 1, 3, 5)]
    [InlineData(2, 29, 37, 101)]
    [InlineData(2, 150, 28, 130)]
    public void Weight_gradients_add_up(int sequences, int time, int inputs, int outputs)
    {
        using var test = new KernelTest(sequences, time);
        Conv1D<Model, Ffn> conv = Layer(test, inputs, outputs, DType.F32, true, out double[] w, out double[] b, out IReadOnlyList<Parameter> parameters);
        Act<Model> x = test.Random<Model>(inputs, 1);
        Act<Ffn> dy = test.Random<Ffn>(outputs, 2);

        Conv1D.BackwardWeights(test.Run, dy, x, conv);
        Conv1D.BackwardWeights(test.Run, dy, x, conv);

        (_, double[] dw, double[] db) = ReferenceBiasedLinear.Backward(test.Doubles(dy), test.Doubles(x), w, b);
        Assert.Equal([inputs, outputs], parameters[0].Shape);
        Numbers.Near(Tolerance, Turned(Numbers.Sum(dw, dw), outputs, inputs), Numbers.Doubles(new ReadOnlySpan<float>(parameters[0].Gradient, w.Length)), "dw");
        Numbers.Near(Tolerance, Numbers.Sum(db, db), Numbers.Doubles(new ReadOnlySpan<float>(parameters[1].Gradient, b.Length)), "db");
    }

    [Theory]
    [InlineData(3, 5, DType.F32)]
    [InlineData(7, 2, DType.BF16)]
    public void Rewrite_gives_the_weight_by_outputs_and_stores_it_as_it_was(int inputs, int outputs, DType dtype)
    {
        using var test = new KernelTest(1, 1);
        Conv1D<Model, Ffn> conv = Layer(test, inputs, outputs, dtype, false, out double[] w, out double[] b, out _);

        conv.Rewrite((weight, bias) =>
        {
            Assert.Equal(w, Numbers.Doubles(weight));
            Assert.Equal(b, Numbers.Doubles(bias));
            weight[outputs > 1 ? inputs : 0] += 1;
            bias[0] -= 1;
        });

        w[outputs > 1 ? inputs : 0] += 1;
        float[] stored = new float[w.Length];
        conv.Weight.CopyTo(stored);
        Numbers.Near(1e-7, Turned(w, outputs, inputs), Numbers.Doubles(stored), "weight");
        Assert.Equal([inputs, outputs], conv.Weight.Shape);
    }

    /// <summary>The layer; <paramref name="w"/> is W = V^T, row-major [outputs, inputs].</summary>
    internal static Conv1D<Model, Ffn> Layer(
        KernelTest test, int inputs, int outputs, DType dtype, bool trained, out double[] w, out double[] b, out IReadOnlyList<Parameter> parameters)
    {
        Conv1D<Model, Ffn> conv = test.LayerWithWeights(
            scope => new Conv1D<Model, Ffn>(scope), new Widths().Set<Model>(inputs).Set<Ffn>(outputs), null, dtype, trained,
            out IReadOnlyList<double[]> values, out parameters);
        (w, b) = (Turned(values[0], inputs, outputs), values[1]);
        return conv;
    }

    private static double[] Turned(double[] values, int rows, int columns)
    {
        double[] turned = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            turned[i % columns * rows + i / columns] = values[i];
        return turned;
    }
}
