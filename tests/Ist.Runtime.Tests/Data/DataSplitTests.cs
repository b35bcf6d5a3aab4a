using Ist.Runtime.Data;
using Ist.Runtime.Tests.Checkpoints;

namespace Ist.Runtime.Tests.Data;

public sealed class DataSplitTests
{
    [Theory]
    [InlineData(40, 0.1, 4)]
    [InlineData(40, 0.001, 1)]
    [InlineData(40, 0.999, 39)]
    [InlineData(2, 0.5, 1)]
    public void Every_row_is_in_one_part_in_its_old_order(int rows, double fraction, int heldOut)
    {
        DataSplit split = DataSplit.HoldOut(Rows(rows), fraction, seed: 7);

        Assert.Equal(heldOut, split.HeldOut.Rows);
        Assert.Equal(Enumerable.Range(0, rows), Ids(split.Training).Concat(Ids(split.HeldOut)).Order());
        Assert.Equal(Ids(split.Training).Order(), Ids(split.Training));
        Assert.Equal(Ids(split.HeldOut).Order(), Ids(split.HeldOut));
    }

    [Fact]
    public void Rows_are_chosen_by_the_seed_from_all_over_the_file()
    {
        int[] chosen = Ids(DataSplit.HoldOut(Rows(1000), 0.1, seed: 7).HeldOut);

        Assert.Equal(chosen, Ids(DataSplit.HoldOut(Rows(1000), 0.1, seed: 7).HeldOut));
        Assert.NotEqual(chosen, Ids(DataSplit.HoldOut(Rows(1000), 0.1, seed: 8).HeldOut));
        // The mean of 100 of 0..999 has a standard deviation of about 27.
        Assert.InRange(chosen.Average(), 499.5 - 108, 499.5 + 108);
    }

    [Fact]
    public void Of_a_running_text_the_last_windows_are_held_out()
    {
        DataSplit split = DataSplit.HoldOut(Rows(40, isContiguous: true), 0.05, seed: 7);

        Assert.Equal([38, 39], Ids(split.HeldOut));
        Assert.True(split.HeldOut.IsContiguous);
        Assert.Equal(38, split.Training.Rows);
    }

    [Fact]
    public void The_statistics_are_those_of_the_parts()
    {
        DataSplit split = DataSplit.HoldOut(new DataSet([new([5, 6], [5, 6]), new([5, 6, 7], [-100, 6, 7], isCut: true)], isContiguous: true), 0.5, seed: 1);

        Assert.Equal((2L, 1L, 0, 2), (split.Training.Tokens, split.Training.TrainedTokens, split.Training.Cut, split.Training.Longest));
        Assert.Equal((3L, 2L, 1, 3), (split.HeldOut.Tokens, split.HeldOut.TrainedTokens, split.HeldOut.Cut, split.HeldOut.Longest));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void A_fraction_that_is_none_is_refused(double fraction) =>
        Bad.Input(() => DataSplit.HoldOut(Rows(4), fraction, seed: 1), "eval_fraction", "between 0 and 1");

    [Fact]
    public void A_single_row_cannot_be_split() => Bad.Input(() => DataSplit.HoldOut(Rows(1), 0.5, seed: 1), "1 example, too few");

    private static DataSet Rows(int count, bool isContiguous = false) =>
        new([.. Enumerable.Range(0, count).Select(i => new Example([i, 0], [i, 0]))], isContiguous);

    private static int[] Ids(DataSet data) => [.. data.Examples.Select(e => e.Tokens[0])];
}
