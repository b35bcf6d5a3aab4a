using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class SoftCapTests
{
    // Measured: 1.1e-7 of the largest entry.
    private const double Tolerance = 4e-7;

    [Theory]
    [InlineData(1, 1, 1, 30f)]
    [InlineData(2, 5, 7, 2f)]
    [InlineData(3, 61, 131, 6f)]
    public void Forward_and_backward_are_the_references(int sequences, int time, int width, float cap)
    {
        using var test = new KernelTest(sequences, time);
        SoftCap<Vocab> softCap = Layer(test, cap);
        Act<Vocab> x = test.Random<Vocab>(width, 1, 20), dy = test.Random<Vocab>(width, 2), y = test.Empty<Vocab>(width), dx = test.Empty<Vocab>(width);

        SoftCap.Forward(test.Run, y, x, softCap);
        SoftCap.BackwardSet(test.Run, dx, dy, x, softCap);

        double[] expected = Backward(test.Doubles(dy), test.Doubles(x), cap);
        Numbers.Near(Tolerance, Forward(test.Doubles(x), cap), test.Doubles(y), "y");
        Numbers.Near(Tolerance, expected, test.Doubles(dx), "dx");
        SoftCap.BackwardAdd(test.Run, dx, dy, x, softCap);
        Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
    }

    [Fact]
    public void Without_a_cap_nothing_changes()
    {
        using var test = new KernelTest(2, 5);
        SoftCap<Vocab> none = Layer(test, null);
        Act<Vocab> x = test.Random<Vocab>(37, 1, 1e4f), y = test.Empty<Vocab>(37), dx = test.Empty<Vocab>(37);

        SoftCap.Forward(test.Run, y, x, none);
        SoftCap.BackwardSet(test.Run, dx, x, y, none);

        Assert.Equal(test.Doubles(x), test.Doubles(y));
        Assert.Equal(test.Doubles(x), test.Doubles(dx));
        SoftCap.BackwardAdd(test.Run, dx, x, y, none);
        Assert.Equal(Numbers.Sum(test.Doubles(x), test.Doubles(x)), test.Doubles(dx));
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] x = Numbers.Random(9, 1), dy = Numbers.Random(9, 2);
        FiniteDifferences.Check(v => Forward(v, 0.7), x, dy, Backward(dy, x, 0.7), "dx");
    }

    internal static SoftCap<Vocab> Layer(KernelTest test, float? cap) => test.Layer(
        scope => new SoftCap<Vocab>(scope), new Widths(), new ModelOptions().Set(new SoftCapOptions(cap)), DType.F32, false, out _, out _);

    private static double[] Forward(double[] x, double cap) => [.. x.Select(v => cap * Math.Tanh(v / cap))];

    private static double[] Backward(double[] dy, double[] x, double cap) =>
        [.. dy.Zip(x, (d, v) => d * (1 - Math.Tanh(v / cap) * Math.Tanh(v / cap)))];
}
