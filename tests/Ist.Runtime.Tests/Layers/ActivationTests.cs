using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class ActivationTests
{
    // Measured: 1.7e-7 of the largest entry.
    private const double Tolerance = 4e-7;

    public static TheoryData<ActivationFunction> Functions => [.. Enum.GetValues<ActivationFunction>()];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Forward_and_backward_are_the_references(ActivationFunction function)
    {
        foreach ((int sequences, int time, int width, float size) in new[] { (1, 1, 1, 1f), (2, 5, 7, 9f), (3, 61, 131, 3f) })
        {
            using var test = new KernelTest(sequences, time);
            Activation<Ffn> activation = Layer(test, function);
            Act<Ffn> x = test.Random<Ffn>(width, 1, size), dy = test.Random<Ffn>(width, 2), y = test.Empty<Ffn>(width), dx = test.Empty<Ffn>(width);

            Activation.Forward(test.Run, y, x, activation);
            Activation.BackwardSet(test.Run, dx, dy, x, activation);

            double[] expected = ReferenceActivation.Backward(function, test.Doubles(dy), test.Doubles(x));
            Numbers.Near(Tolerance, ReferenceActivation.Forward(function, test.Doubles(x)), test.Doubles(y), "y");
            Numbers.Near(Tolerance, expected, test.Doubles(dx), "dx");
            Activation.BackwardAdd(test.Run, dx, dy, x, activation);
            Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dx), "twice dx");
        }
    }

    [Theory]
    [InlineData(ActivationFunction.Gelu)]
    [InlineData(ActivationFunction.GeluTanh)]
    [InlineData(ActivationFunction.QuickGelu)]
    [InlineData(ActivationFunction.Relu)]
    [InlineData(ActivationFunction.Silu)]
    public void Far_out_it_is_0_or_the_input(ActivationFunction function)
    {
        using var test = new KernelTest(1, 1);
        Activation<Ffn> activation = Layer(test, function);
        Act<Ffn> x = test.Empty<Ffn>(4), y = test.Empty<Ffn>(4), dx = test.Empty<Ffn>(4), dy = test.Empty<Ffn>(4);
        new float[] { -1e30f, -100, 100, 1e30f }.CopyTo(x.Row(0));
        dy.Row(0).Fill(2);

        Activation.Forward(test.Run, y, x, activation);
        Activation.BackwardSet(test.Run, dx, dy, x, activation);

        Assert.Equal([0, 0, 100, 1e30f], y.Row(0));
        Assert.Equal([0, 0, 2, 2], dx.Row(0));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void The_reference_is_its_own_derivative(ActivationFunction function)
    {
        double[] x = [.. Numbers.Random(25, 1).Select(z => 3 * z)], dy = Numbers.Random(25, 2);
        FiniteDifferences.Check(v => ReferenceActivation.Forward(function, v), x, dy, ReferenceActivation.Backward(function, dy, x), "dx");
    }

    [Theory]
    [InlineData("gelu", ActivationFunction.Gelu)]
    [InlineData("gelu_new", ActivationFunction.GeluTanh)]
    [InlineData("gelu_fast", ActivationFunction.GeluTanh)]
    [InlineData("gelu_pytorch_tanh", ActivationFunction.GeluTanh)]
    [InlineData("relu", ActivationFunction.Relu)]
    [InlineData("swish", ActivationFunction.Silu)]
    public void Functions_have_the_names_of_transformers(string name, ActivationFunction expected)
    {
        Assert.True(ActivationFunctions.TryGet(name, out ActivationFunction function));
        Assert.Equal(expected, function);
        Assert.False(ActivationFunctions.TryGet(name + "x", out _));
    }

    internal static Activation<Ffn> Layer(KernelTest test, ActivationFunction function) => test.Layer(
        scope => new Activation<Ffn>(scope), new Widths(), new ModelOptions().Set(new ActivationOptions(function)), DType.F32, false, out _, out _);
}
