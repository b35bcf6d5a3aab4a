using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class FirstTokenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(131)]
    public void Takes_the_first_real_row_of_each_sequence_and_gives_it_the_gradient(int width)
    {
        using var test = new KernelTest(9, [(0, 9), (3, 9), (0, 1)]);
        Run bySequence = test.Run.BySequence;
        Act<Model> x = test.Random<Model>(width, 1), y = test.Empty<Model>(width), dy = test.Random<Model>(width, 2), dx = test.Empty<Model>(width);

        FirstToken.Forward(test.Run, y, x);
        FirstToken.BackwardSet(test.Run, dx, dy);

        Assert.Equal(3, bySequence.Rows);
        int[] first = [0, 9 + 3, 18];
        for (int s = 0; s < 3; s++)
            Assert.Equal(x.Row(first[s]), y.Row(s));
        for (int row = 0; row < test.Rows; row++)
            Assert.Equal(first.Contains(row) ? dy.Row(Array.IndexOf(first, row)).ToArray() : new float[width], dx.Row(row).ToArray());
    }
}
