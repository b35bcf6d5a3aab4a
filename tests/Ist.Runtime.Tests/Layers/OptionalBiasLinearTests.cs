using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class OptionalBiasLinearTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Has_a_bias_where_the_configuration_says_so(bool biased)
    {
        using var test = new KernelTest(2, 29);
        OptionalBiasLinear<Model, Ffn> linear = Layer(test, 37, 101, biased, out double[] w, out double[] b);
        Act<Model> x = test.Random<Model>(37, 1), dx = test.Empty<Model>(37);
        Act<Ffn> y = test.Empty<Ffn>(101), dy = test.Random<Ffn>(101, 2);

        OptionalBiasLinear.Forward(test.Run, y, x, linear);
        OptionalBiasLinear.BackwardSet(test.Run, dx, dy, linear);

        double[] expected = biased ? ReferenceBiasedLinear.Forward(test.Doubles(x), w, b) : ReferenceLinear.Forward(test.Doubles(x), w, 37, 101);
        Numbers.Near(2e-6, expected, test.Doubles(y), "y");
        double[] gradient = ReferenceLinear.Backward(test.Doubles(dy), test.Doubles(x), w, 37, 101).Dx;
        Numbers.Near(2e-6, gradient, test.Doubles(dx), "dx");
        OptionalBiasLinear.BackwardAdd(test.Run, dx, dy, linear);
        Numbers.Near(2e-6, Numbers.Sum(gradient, gradient), test.Doubles(dx), "twice dx");
    }

    internal static OptionalBiasLinear<Model, Ffn> Layer(KernelTest test, int inputs, int outputs, bool biased, out double[] w, out double[] b)
    {
        OptionalBiasLinear<Model, Ffn> linear = test.LayerWithWeights(
            scope => new OptionalBiasLinear<Model, Ffn>(scope), new Widths().Set<Model>(inputs).Set<Ffn>(outputs),
            new ModelOptions().Set(new BiasOptions(biased)), DType.F32, false, out IReadOnlyList<double[]> values, out _);
        (w, b) = (values[0], biased ? values[1] : []);
        return linear;
    }
}
