using Ist.Runtime.Layers;

namespace Ist.Runtime.Tests.Layers;

/// <summary>Scales, caps and slopes of attention scores, alone and together, with windows and padding.</summary>
public sealed class AttentionScoresTests
{
    [Theory]
    [InlineData(null, 0.05, null, false)]
    [InlineData(null, null, 1.0, false)]
    [InlineData(null, null, 30.0, false)]
    [InlineData(null, null, null, true)]
    [InlineData(5, null, 0.7, false)]
    [InlineData(40, 0.4, 2.0, false)]
    [InlineData(9, null, null, true)]
    [InlineData(33, 0.2, 1.5, true)]
    public void Forward_and_backward_are_the_references(int? window, double? scale, double? cap, bool alibi)
    {
        foreach (int heads in (int[])[2, 6])
        {
            var options = new AttentionOptions(heads, 2, 12) { Windows = [null, window], Scale = scale, Softcap = cap, Alibi = alibi };
            using var test = new AttentionCase(options, 131, [0, 131, 70, 131, 3, 110]);
            test.CheckCausal();
        }
    }

    [Fact]
    public void Slopes_reach_over_tiles_of_keys()
    {
        using var test = new AttentionCase(new AttentionOptions(12, 4, 8) { Alibi = true, Softcap = 3 }, 600, [0, 600, 263, 590]);
        test.CheckCausal();
    }

    [Fact]
    public void A_layer_takes_its_own_scale()
    {
        var options = new AttentionOptions(2, 2, 8) { Scales = [1, 0.11], Scale = 7 };
        Assert.Equal(0.11, options.ScaleOf(1));
        using var test = new AttentionCase(options, 20, [0, 20]);
        test.CheckCausal();
    }

    [Theory]
    [InlineData(8, new[] { 0.5f, 0.25f, 0.125f, 0.0625f, 0.03125f, 0.015625f, 0.0078125f, 0.00390625f })]
    [InlineData(6, new[] { 0.25f, 0.0625f, 0.015625f, 0.00390625f, 0.5f, 0.125f })]
    [InlineData(1, new[] { 0.00390625f })]
    public void Slopes_are_those_of_BLOOM(int heads, float[] expected) =>
        Assert.Equal(expected, Enumerable.Range(0, heads).Select(head => AlibiSlopes.Of(heads, head)));

    [Theory]
    [InlineData(int.MaxValue, 1.3, false)]
    [InlineData(3, null, true)]
    [InlineData(3, 0.8, true)]
    public void The_reference_is_its_own_derivative(int window, double? cap, bool alibi)
    {
        var reference = new ReferenceAttention(4, 2, 3, 5, [(0, 5), (1, 4)], window)
        {
            Scale = 0.9,
            Softcap = cap,
            Slopes = alibi ? [0.25, 0.0625, 0.3, 0.7] : null,
        };
        double[] q = Numbers.Random(2 * 5 * 12, 1), k = Numbers.Random(2 * 5 * 6, 2), v = Numbers.Random(2 * 5 * 6, 3), dy = Numbers.Random(q.Length, 4);
        (double[] dq, double[] dk, double[] dv) = reference.Backward(dy, q, k, v);
        FiniteDifferences.Check(x => reference.Forward(x, k, v), q, dy, dq, "dq");
        FiniteDifferences.Check(x => reference.Forward(q, x, v), k, dy, dk, "dk");
        FiniteDifferences.Check(x => reference.Forward(q, k, x), v, dy, dv, "dv");
    }
}
