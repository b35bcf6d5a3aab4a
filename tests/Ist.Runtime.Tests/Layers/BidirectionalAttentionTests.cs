using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class BidirectionalAttentionTests
{
    [Theory]
    [InlineData(1, 1, 12, 1, new[] { 0, 1 })]
    [InlineData(2, 1, 16, 7, new[] { 0, 7, 3, 7, 0, 2 })]
    [InlineData(3, 3, 12, 67, new[] { 0, 67, 66, 67, 0, 66 })]
    [InlineData(4, 2, 64, 131, new[] { 5, 120, 0, 131 })]
    [InlineData(2, 2, 16, 300, new[] { 0, 300, 0, 257, 43, 300 })]
    public void Forward_and_backward_are_the_references(int heads, int keyHeads, int size, int time, int[] ends)
    {
        using var test = new AttentionCase(new AttentionOptions(heads, keyHeads, size), time, ends);
        test.CheckBidirectional();
    }

    [Fact]
    public void A_scale_a_cap_and_slopes_work_on_both_sides()
    {
        using var test = new AttentionCase(
            new AttentionOptions(3, 1, 12) { Scale = 0.3, Softcap = 1.2, Alibi = true }, 70, [0, 70, 4, 61]);
        test.CheckBidirectional();
    }

    [Fact]
    public void A_window_is_refused()
    {
        using var test = new KernelTest(1, 4);
        Assert.Throws<InvalidOperationException>(() => Layer(test, new AttentionOptions(1, 1, 4) { Windows = [2, 2] }));
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        var reference = new ReferenceAttention(4, 2, 3, 5, [(0, 5), (1, 4)]) { IsBidirectional = true };
        double[] q = Numbers.Random(2 * 5 * 12, 1), k = Numbers.Random(2 * 5 * 6, 2), v = Numbers.Random(2 * 5 * 6, 3), dy = Numbers.Random(q.Length, 4);
        (double[] dq, double[] dk, double[] dv) = reference.Backward(dy, q, k, v);
        FiniteDifferences.Check(x => reference.Forward(x, k, v), q, dy, dq, "dq");
        FiniteDifferences.Check(x => reference.Forward(q, x, v), k, dy, dk, "dk");
        FiniteDifferences.Check(x => reference.Forward(q, k, x), v, dy, dv, "dv");
    }

    internal static BidirectionalAttention<Query, KeyValue> Layer(KernelTest test, AttentionOptions options) => test.Layer(
        scope => new BidirectionalAttention<Query, KeyValue>(scope.InLayer(1)), new Widths(), new ModelOptions().Set(options),
        DType.F32, false, out _, out _);
}
