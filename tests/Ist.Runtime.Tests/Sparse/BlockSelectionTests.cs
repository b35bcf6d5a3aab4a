using Ist.Runtime.Optimizers;
using Ist.Runtime.Sparse;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Sparse;

public sealed class BlockSelectionTests
{
    private const int Layers = 5;

    [Theory]
    [InlineData(BlockOrder.Ascending, new[] { 0, 1, 2, 3, 4, 0, 1 })]
    [InlineData(BlockOrder.Descending, new[] { 4, 3, 2, 1, 0, 4, 3 })]
    public void Layers_come_in_their_order_each_for_its_steps(BlockOrder order, int[] blocks)
    {
        var policy = new BlockSelection(Layers, 42, interval: 7, order);
        Assert.Equal(blocks.SelectMany(block => Enumerable.Repeat(block, 7)), Enumerable.Range(0, 7 * blocks.Length).Select(step => Block(policy, step)));
    }

    [Fact]
    public void Random_passes_have_every_layer_once_and_differ()
    {
        var policy = new BlockSelection(Layers, 42);
        int[][] passes = [.. Enumerable.Range(0, 200).Select(pass => Enumerable.Range(0, Layers).Select(place => Block(policy, 100 * (pass * Layers + place))).ToArray())];

        Assert.All(passes, pass => Assert.Equal(Enumerable.Range(0, Layers), pass.Order()));
        Assert.True(passes.Select(pass => string.Join(' ', pass)).Distinct().Count() > 80); // of 120 orders
        // A step is the same whatever was asked for before it.
        Assert.Equal(passes[7][2], Block(new BlockSelection(Layers, 42), 100 * (7 * Layers + 2) + 99));
    }

    [Fact]
    public void A_pass_begins_without_an_allocation()
    {
        var policy = new BlockSelection(Layers, 42, interval: 1);
        var plan = new LayerPlan(Layers, trainsInput: false);
        policy.Select(0, plan);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int step = 1; step < 30; step++)
                policy.Select(step, plan);
        }));
    }

    [Fact]
    public void Its_state_is_that_of_the_block_at_work() => Assert.Equal(InactiveMoments.Free, ((ISelectionPolicy)new BlockSelection(Layers, 42)).InactiveMoments);

    [Fact]
    public void An_interval_of_none_is_refused() =>
        Assert.Equal("badam's interval is 0; give 1 or more.", Assert.Throws<InputException>(() => new BlockSelection(4, 3, interval: 0)).Message);

    private static int Block(BlockSelection policy, int step)
    {
        var plan = new LayerPlan(Layers, trainsInput: false);
        policy.Select(step, plan);
        return Assert.Single(Policies.Trained(plan));
    }
}
