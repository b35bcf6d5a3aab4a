using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

public sealed class SharedLayersTests
{
    [Fact]
    public void Scales_that_begin_alike_are_neighbours()
    {
        float[][] scales = [[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1], [0, 1, 0, 1], [1, 0, 1, 0]];
        int[] order = new int[scales.Length];
        SharedLayers.Order(scales, order);
        Assert.Equal([3, 1, 2, 0, 4], order);
        Assert.Equal([0, 2, 0, 2, 4], order.Select((k, at) => SharedLayers.First(at == 0 ? null : scales[order[at - 1]], scales[k], lowestKept: 0)));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 0)]
    public void A_pass_goes_on_from_an_input_that_is_kept_or_begins_anew(int lowestKept, int first) =>
        Assert.Equal(first, SharedLayers.First([1, 1, 0, 1], [1, 1, 1, 0], lowestKept));
}
