using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class GeGluTests
{
    // Measured: 2.2e-7 of the largest entry.
    private const double Tolerance = 4e-7;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 5, 7)]
    [InlineData(3, 61, 131)]
    public void Forward_and_backward_are_the_references(int sequences, int time, int width)
    {
        using var test = new KernelTest(sequences, time);
        Act<Ffn> gate = test.Random<Ffn>(width, 1, 8), up = test.Random<Ffn>(width, 2), dy = test.Random<Ffn>(width, 3);
        Act<Ffn> y = test.Empty<Ffn>(width), dgate = test.Empty<Ffn>(width), dup = test.Empty<Ffn>(width);

        GeGlu.Forward(test.Run, y, gate, up);
        GeGlu.BackwardSet(test.Run, dgate, dup, dy, gate, up);

        (double[] g, double[] u) = ReferenceGeGlu.Backward(test.Doubles(dy), test.Doubles(gate), test.Doubles(up));
        Numbers.Near(Tolerance, ReferenceGeGlu.Forward(test.Doubles(gate), test.Doubles(up)), test.Doubles(y), "y");
        Numbers.Near(Tolerance, g, test.Doubles(dgate), "dgate");
        Numbers.Near(Tolerance, u, test.Doubles(dup), "dup");
        GeGlu.BackwardAdd(test.Run, dgate, dup, dy, gate, up);
        Numbers.Near(Tolerance, Numbers.Sum(g, g), test.Doubles(dgate), "twice dgate");
        Numbers.Near(Tolerance, Numbers.Sum(u, u), test.Doubles(dup), "twice dup");
    }

    [Fact]
    public void Gates_beyond_the_range_of_the_exponential_are_open_or_shut()
    {
        using var test = new KernelTest(1, 1);
        Act<Ffn> gate = test.Empty<Ffn>(6), up = test.Empty<Ffn>(6), y = test.Empty<Ffn>(6), dgate = test.Empty<Ffn>(6), dup = test.Empty<Ffn>(6);
        new float[] { -1e18f, -1e4f, -100, 100, 1e4f, 1e18f }.CopyTo(gate.Row(0));
        up.Row(0).Fill(2);

        GeGlu.Forward(test.Run, y, gate, up);
        GeGlu.BackwardSet(test.Run, dgate, dup, up, gate, up);

        Assert.Equal([0, 0, 0, 200, 2e4f, 2e18f], y.Row(0));
        Assert.Equal([0, 0, 0, 4, 4, 4], dgate.Row(0));
        Assert.Equal([0, 0, 0, 200, 2e4f, 2e18f], dup.Row(0));
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] gate = Numbers.Random(9, 1), up = Numbers.Random(9, 2), dy = Numbers.Random(9, 3);
        (double[] dgate, double[] dup) = ReferenceGeGlu.Backward(dy, gate, up);
        FiniteDifferences.Check(v => ReferenceGeGlu.Forward(v, up), gate, dy, dgate, "dgate");
        FiniteDifferences.Check(v => ReferenceGeGlu.Forward(gate, v), up, dy, dup, "dup");
    }
}
