using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

public sealed class ImportanceUpdateTests
{
    [Fact]
    public void The_worked_example_gives_its_printed_digits()
    {
        double[] importance = [0, .5, -.5, 1];
        double[] rewards = new double[3];
        int[][] sets = [[0, 3], [1, 2], [0, 1]];

        Assert.Equal([.5, .377541, .622459, .268941], UpdateWeights(importance));
        ImportanceUpdate.Apply(importance, new double[4], sets, [1.10, 1.25, 1.05], rewards, stepSize: 10);

        Assert.Equal([.332871084, .286504797, .349937749], rewards.Select(r => Math.Round(r, 9)));
        Assert.Equal([0.091499366, 0.477048267, -0.586010763, 1.019202184], importance.Select(i => Math.Round(i, 9)));
        Assert.Equal([.477141, .382949, .642449, .265183], UpdateWeights(importance));
    }

    [Fact]
    public void A_layer_in_every_set_does_not_move_and_one_in_none_neither()
    {
        double[] importance = [.25, -.75, .5, 2];
        ImportanceUpdate.Apply(importance, new double[4], [[0, 1], [0, 2], [0, 1]], [2, 1, 3], new double[3], stepSize: 10);

        Assert.Equal(.25, importance[0], 14);
        Assert.Equal(2, importance[3]);
        Assert.True(importance[1] < -.75);
        Assert.True(importance[2] > .5);
    }

    [Theory]
    [InlineData(0, .5)]
    [InlineData(1, 0.7310585786300049)]
    [InlineData(-1, 0.2689414213699951)]
    [InlineData(800, 1)]
    [InlineData(-800, 0)]
    public void Sigmoid_is_exact_and_does_not_overflow(double x, double expected) =>
        Assert.Equal(expected, ImportanceUpdate.Sigmoid(x), 15);

    private static IEnumerable<double> UpdateWeights(double[] importance) =>
        importance.Select(i => Math.Round(ImportanceUpdate.Sigmoid(-i), 6));
}
