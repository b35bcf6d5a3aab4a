using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

public sealed class FixedLayersTests
{
    [Fact]
    public void The_given_layers_are_trained_and_the_lowest_of_them_is_where_the_backward_pass_ends()
    {
        var policy = new FixedLayers(8, [6, 2, 5]);
        var plan = new LayerPlan(8, trainsInput: false);
        policy.Select(17, plan);

        Assert.Equal([2, 5, 6], Policies.Trained(plan));
        Assert.Equal((3, 2, 6), (policy.ActiveLayers, policy.LowestLayer, plan.Depth));
    }

    [Theory]
    [InlineData(new int[] { }, "layers names none; give one or more.")]
    [InlineData(new[] { 1, 4 }, "layers has 4, but the model's 4 layers are 0 to 3.")]
    [InlineData(new[] { 1, -1 }, "layers has -1, but the model's 4 layers are 0 to 3.")]
    [InlineData(new[] { 1, 2, 1 }, "layers has 1 twice; give each layer once.")]
    public void Layers_that_are_not_there_are_refused(int[] layers, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => new FixedLayers(4, layers)).Message);
}
