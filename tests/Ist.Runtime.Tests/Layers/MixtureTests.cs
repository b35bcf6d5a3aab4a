using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>Rows that go to linear experts and come back: <see cref="Dispatch{D}"/>, <see cref="ExpertLinear{I, O}"/>, <see cref="Combine{D}"/>.</summary>
public sealed unsafe class MixtureTests
{
    // Measured: 2.8e-7 of the largest entry in y, 2.1e-7 in gradients.
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(1, 1, 3, 2, 4, 5)]
    [InlineData(2, 5, 4, 2, 7, 6)]
    [InlineData(3, 11, 8, 3, 33, 17)]
    [InlineData(2, 3, 30, 2, 16, 16)]
    public void Forward_and_backward_are_the_references(int sequences, int time, int experts, int perRow, int inputs, int outputs)
    {
        using var test = new KernelTest(sequences, time);
        ExpertLinear<Model, Ffn> linear = Layer(test, experts, inputs, outputs, true, out double[] w, out IReadOnlyList<Parameter> parameters);
        TopExperts<Experts> choice = TopExpertsTests.Layer(test, experts, perRow);
        Act<Experts> logits = test.Random<Experts>(experts, 1, 4), dlogits = test.Empty<Experts>(experts);
        Act<Chosen> weights = test.Empty<Chosen>(perRow), dweights = test.Empty<Chosen>(perRow);
        Ids<Routes> routes = TopExpertsTests.Routes(test, perRow);
        Act<Model> x = test.Random<Model>(inputs, 2), dx = test.Empty<Model>(inputs);
        Act<Routed<Model>> copies = test.Empty<Routed<Model>>(perRow * inputs), dcopies = test.Empty<Routed<Model>>(perRow * inputs);
        Act<Routed<Ffn>> made = test.Empty<Routed<Ffn>>(perRow * outputs), dmade = test.Empty<Routed<Ffn>>(perRow * outputs);
        Act<Ffn> y = test.Empty<Ffn>(outputs), dy = test.Random<Ffn>(outputs, 3);

        TopExperts.Forward(test.Run, weights, routes, logits, choice);
        Dispatch.Forward(test.Run, copies, x, routes);
        ExpertLinear.Forward(test.Run, made, copies, routes, linear);
        Combine.Forward(test.Run, y, made, weights, routes);
        Combine.BackwardSet(test.Run, dmade, dweights, dy, made, weights, routes);
        ExpertLinear.BackwardSet(test.Run, dcopies, dmade, routes, linear);
        ExpertLinear.BackwardWeights(test.Run, dmade, copies, routes, linear);
        Dispatch.BackwardSet(test.Run, dx, dcopies, routes);
        TopExperts.BackwardSet(test.Run, dlogits, dweights, weights, routes, logits, choice);

        double[] input = test.Doubles(x), scores = test.Doubles(logits), given = test.Doubles(dy);
        double[] Mix(double[] x, double[] l, double[] w) => ReferenceMixture.Mix(x, l, w, experts, perRow, inputs, outputs);
        Numbers.Near(Tolerance, Mix(input, scores, w), test.Doubles(y), "y");
        // The mixture is linear in x and in w, so a difference of any size is its slope.
        Numbers.Near(Tolerance, Slopes(v => Mix(v, scores, w), input, given), test.Doubles(dx), "dx");
        double[] dw = [.. parameters.SelectMany(p => Numbers.Doubles(new ReadOnlySpan<float>(p.Gradient, (int)p.Count)))];
        Numbers.Near(Tolerance, Slopes(v => Mix(input, scores, v), w, given), dw, "dw");
        FiniteDifferences.Check(v => Mix(input, v, w), scores, given, Gradient(input, scores, w, given), "the reference");
        Numbers.Near(Tolerance, Gradient(input, scores, w, given), test.Doubles(dlogits), "dlogits");

        double[] Gradient(double[] x, double[] l, double[] w, double[] dy)
        {
            (int[] chosen, _) = ReferenceMixture.Choose(l, experts, perRow);
            double[] dweights = new double[chosen.Length];
            for (int c = 0; c < chosen.Length; c++)
            {
                for (int o = 0; o < outputs; o++)
                {
                    for (int i = 0; i < inputs; i++)
                        dweights[c] += dy[c / perRow * outputs + o] * w[(chosen[c] * outputs + o) * inputs + i] * x[c / perRow * inputs + i];
                }
            }
            return ReferenceMixture.Backward(dweights, l, experts, perRow);
        }
    }

    [Fact]
    public void Add_adds_what_Set_sets()
    {
        const int experts = 4, perRow = 2, width = 19;
        using var test = new KernelTest(2, 5);
        ExpertLinear<Model, Ffn> linear = Layer(test, experts, width, width, false, out _, out _);
        Act<Chosen> weights = test.Empty<Chosen>(perRow), dweights = test.Empty<Chosen>(perRow);
        Ids<Routes> routes = TopExpertsTests.Routes(test, perRow);
        TopExperts.Forward(test.Run, weights, routes, test.Random<Experts>(experts, 1, 4), TopExpertsTests.Layer(test, experts, perRow));
        Act<Routed<Ffn>> made = test.Random<Routed<Ffn>>(perRow * width, 2), dmade = test.Empty<Routed<Ffn>>(perRow * width);
        Act<Routed<Model>> dcopies = test.Empty<Routed<Model>>(perRow * width);
        Act<Model> dx = test.Empty<Model>(width);
        Act<Ffn> dy = test.Random<Ffn>(width, 3);
        Combine.BackwardSet(test.Run, dmade, dweights, dy, made, weights, routes);
        ExpertLinear.BackwardSet(test.Run, dcopies, dmade, routes, linear);
        Dispatch.BackwardSet(test.Run, dx, dcopies, routes);
        double[][] once = [test.Doubles(dmade), test.Doubles(dweights), test.Doubles(dcopies), test.Doubles(dx)];

        Dispatch.BackwardAdd(test.Run, dx, dcopies, routes);
        ExpertLinear.BackwardAdd(test.Run, dcopies, dmade, routes, linear);
        Combine.BackwardAdd(test.Run, dmade, dweights, dy, made, weights, routes);

        double[][] twice = [test.Doubles(dmade), test.Doubles(dweights), test.Doubles(dcopies), test.Doubles(dx)];
        for (int i = 0; i < once.Length; i++)
            Numbers.Near(3e-7, Numbers.Sum(once[i], once[i]), twice[i], $"gradient {i}");
    }

    internal static ExpertLinear<Model, Ffn> Layer(
        KernelTest test, int experts, int inputs, int outputs, bool trained, out double[] w, out IReadOnlyList<Parameter> parameters)
    {
        ExpertLinear<Model, Ffn> layer = test.LayerWithWeights(
            scope => new ExpertLinear<Model, Ffn>(scope.Member("experts.*.w1")),
            new Widths().Set<Experts>(experts).Set<Model>(inputs).Set<Ffn>(outputs), null, DType.F32, trained,
            out IReadOnlyList<double[]> values, out parameters);
        w = [.. values.SelectMany(v => v)];
        Assert.Equal("experts.1.w1.weight", layer[1].Weight.Name);
        return layer;
    }

    private static double[] Slopes(Func<double[], double[]> f, double[] x, double[] dy)
    {
        double[] slopes = new double[x.Length];
        double[] at = f(x);
        for (int i = 0; i < x.Length; i++)
        {
            double kept = x[i];
            x[i] = kept + 1;
            slopes[i] = f(x).Zip(at, (up, here) => up - here).Zip(dy, (slope, d) => slope * d).Sum();
            x[i] = kept;
        }
        return slopes;
    }
}
