using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class TopExpertsTests
{
    // Measured: 1.0e-7 of the largest entry in the weights, 1.8e-7 in dlogits.
    private const double Tolerance = 4e-7;

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 5, 4, 2)]
    [InlineData(3, 61, 8, 2)]
    [InlineData(2, 97, 37, 20)]
    public void Weights_and_gradients_are_the_references(int sequences, int time, int experts, int perRow)
    {
        using var test = new KernelTest(sequences, time);
        TopExperts<Experts> choice = Layer(test, experts, perRow);
        Act<Experts> logits = test.Random<Experts>(experts, 1, 4), dlogits = test.Empty<Experts>(experts);
        Act<Chosen> weights = test.Empty<Chosen>(perRow), dweights = test.Random<Chosen>(perRow, 2);
        Ids<Routes> routes = Routes(test, perRow);

        TopExperts.Forward(test.Run, weights, routes, logits, choice);
        TopExperts.BackwardSet(test.Run, dlogits, dweights, weights, routes, logits, choice);

        double[] expected = ReferenceMixture.Backward(test.Doubles(dweights), test.Doubles(logits), experts, perRow);
        Numbers.Near(Tolerance, ReferenceMixture.Choose(test.Doubles(logits), experts, perRow).Weights, test.Doubles(weights), "weights");
        // With one choice its weight is 1, and nothing goes back.
        if (perRow > 1)
            Numbers.Near(Tolerance, expected, test.Doubles(dlogits), "dlogits");
        TopExperts.BackwardAdd(test.Run, dlogits, dweights, weights, routes, logits, choice);
        if (perRow > 1)
            Numbers.Near(Tolerance, Numbers.Sum(expected, expected), test.Doubles(dlogits), "twice dlogits");
    }

    [Fact]
    public void Copies_stand_grouped_by_expert_in_the_order_of_the_rows()
    {
        const int experts = 5, perRow = 3;
        using var test = new KernelTest(2, 31);
        TopExperts<Experts> choice = Layer(test, experts, perRow);
        Act<Experts> logits = test.Random<Experts>(experts, 1, 4);
        Act<Chosen> weights = test.Empty<Chosen>(perRow);
        Ids<Routes> routes = Routes(test, perRow);

        TopExperts.Forward(test.Run, weights, routes, logits, choice);

        int[] chosen = ReferenceMixture.Choose(test.Doubles(logits), experts, perRow).Chosen;
        int[] order = [.. Enumerable.Range(0, chosen.Length).OrderBy(c => chosen[c]).ThenBy(c => c)];
        ReadOnlySpan<int> table = new(routes.Data, 3 * chosen.Length);
        Assert.Equal(order, table[..chosen.Length].ToArray());
        Assert.Equal(Enumerable.Range(0, chosen.Length).Select(c => Array.IndexOf(order, c)), table.Slice(chosen.Length, chosen.Length).ToArray());
        Assert.Equal(order.Select(c => chosen[c]), table[(2 * chosen.Length)..].ToArray());
    }

    [Fact]
    public void Equal_logits_go_to_the_expert_that_comes_first_and_no_number_stops_the_choice()
    {
        using var test = new KernelTest(1, 2);
        TopExperts<Experts> choice = Layer(test, 4, 2);
        Act<Experts> logits = test.Empty<Experts>(4);
        new float[] { 1, 3, 3, 3 }.CopyTo(logits.Row(0));
        Act<Chosen> weights = test.Empty<Chosen>(2);
        Ids<Routes> routes = Routes(test, 2);

        TopExperts.Forward(test.Run, weights, routes, logits, choice);

        Assert.Equal([0.5f, 0.5f], weights.Row(0).ToArray());
        Assert.Equal([0, 1, 1, 2], new ReadOnlySpan<int>(routes.Data + 8, 4).ToArray());
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.25f)]
    public void The_balance_is_the_references_and_leaves_padding_out(float weight)
    {
        const int experts = 6, perRow = 2;
        using var test = new KernelTest(40, [(0, 40), (11, 40), (0, 3)]);
        TopExperts<Experts> balanced = Layer(test, experts, perRow, coefficient: 0.02f), plain = Layer(test, experts, perRow);
        Act<Experts> logits = test.Random<Experts>(experts, 1, 4), with = test.Empty<Experts>(experts), without = test.Empty<Experts>(experts);
        Act<Chosen> weights = test.Empty<Chosen>(perRow), dweights = test.Random<Chosen>(perRow, 2, 1e-4f);
        Ids<Routes> routes = Routes(test, perRow);
        test.Run.AuxiliaryWeight = weight;
        bool Counts(int row) => row % 40 >= test.Batch.Start[row / 40] && row % 40 < test.Batch.End[row / 40];

        TopExperts.Forward(test.Run, weights, routes, logits, balanced);
        TopExperts.BackwardSet(test.Run, with, dweights, weights, routes, logits, balanced);
        TopExperts.BackwardSet(test.Run, without, dweights, weights, routes, logits, plain);

        double[] l = test.Doubles(logits), f = ReferenceMixture.Frequencies(l, experts, perRow, Counts);
        Assert.Equal(0.02 * ReferenceMixture.Balance(l, f, experts, Counts), balanced.Balance.Value, 1e-8);
        Assert.Equal(0, plain.Balance.Value);
        double[] gradient = [.. test.Doubles(with).Zip(test.Doubles(without), (a, b) => (a - b) / (0.02f * weight))];
        // A difference of F32 numbers that are about as large as what is added; measured: 1.3e-6.
        Numbers.Near(3e-6, Slopes(l, f, experts, Counts), gradient, "dlogits");
    }

    [Fact]
    public void The_balance_is_that_of_all_layers_together()
    {
        const int experts = 4, perRow = 2;
        using var test = new KernelTest(2, 9);
        var balance = new RouterBalance(2, experts, 1);
        TopExperts<Experts>[] layers = [Layer(test, experts, perRow, balance, 0), Layer(test, experts, perRow, balance, 1)];
        Act<Experts>[] logits = [test.Random<Experts>(experts, 1, 4), test.Random<Experts>(experts, 2, 4)];
        Act<Chosen> weights = test.Empty<Chosen>(perRow);

        for (int l = 0; l < 2; l++)
            TopExperts.Forward(test.Run, weights, Routes(test, perRow), logits[l], layers[l]);

        double[] all = [.. test.Doubles(logits[0]), .. test.Doubles(logits[1])];
        Assert.Equal(ReferenceMixture.Balance(all, ReferenceMixture.Frequencies(all, experts, perRow, _ => true), experts, _ => true), balance.Value, 1e-6);
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] logits = Numbers.Random(3 * 5, 1), dweights = Numbers.Random(3 * 2, 2);
        FiniteDifferences.Check(
            v => ReferenceMixture.Choose(v, 5, 2).Weights, logits, dweights, ReferenceMixture.Backward(dweights, logits, 5, 2), "dlogits");
        double[] f = ReferenceMixture.Frequencies(logits, 5, 2, row => row != 1);
        FiniteDifferences.Check(
            v => [ReferenceMixture.Balance(v, f, 5, row => row != 1)], logits, [1], Slopes(logits, f, 5, row => row != 1), "the balance");
    }

    internal static TopExperts<Experts> Layer(KernelTest test, int experts, int perRow, float coefficient = 0) =>
        Layer(test, experts, perRow, new RouterBalance(1, experts, coefficient), -1);

    internal static Ids<Routes> Routes(KernelTest test, int perRow) => new((int*)test.Floats(3L * test.Rows * perRow), 3 * perRow);

    private static TopExperts<Experts> Layer(KernelTest test, int experts, int perRow, RouterBalance balance, int layer) => test.Layer(
        scope => new TopExperts<Experts>(layer < 0 ? scope : scope.InLayer(layer)), new Widths().Set<Experts>(experts).Set<Chosen>(perRow),
        new ModelOptions().Set(balance), DType.F32, false, out _, out _);

    private static double[] Slopes(double[] l, double[] f, int experts, Func<int, bool> counts)
    {
        double[] slopes = new double[l.Length];
        int rows = Enumerable.Range(0, l.Length / experts).Count(counts);
        for (int row = 0; row < l.Length / experts; row++)
        {
            if (!counts(row))
                continue;
            double[] p = [.. Enumerable.Range(0, experts).Select(e => Math.Exp(l[row * experts + e]))];
            double total = p.Sum(), mean = p.Zip(f, (a, b) => a / total * b).Sum();
            for (int e = 0; e < experts; e++)
                slopes[row * experts + e] = experts * p[e] / total * (f[e] - mean) / rows;
        }
        return slopes;
    }
}
