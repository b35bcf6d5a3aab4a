using Ist.Runtime.Data;

namespace Ist.Runtime.Tests.Data;

public sealed class PackedRowsTests
{
    [Fact]
    public void Each_goes_where_it_leaves_the_least_room()
    {
        // From the longest on: 7 and 5 begin rows, 4 fits behind 5 alone, 3 fills the row of 7, 1 that of 5 and 4; 2 begins a third.
        PackedRows rows = PackedRows.Of(Data(3, 5, 1, 7, 2, 4), maxLength: 10, prompt: 0, seed: 1);

        Assert.Equal([[3, 0], [1, 5, 2], [4]], Rows(rows));
        Assert.Equal(1 - 22 / 30.0, rows.Empty, 1e-12);
    }

    [Fact]
    public void Every_example_is_in_one_row_and_none_is_longer_than_it_may_be()
    {
        var random = new Random(3);
        DataSet data = Data([.. Enumerable.Range(0, 500).Select(_ => random.Next(2, 65))]);
        PackedRows rows = PackedRows.Of(data, 64, prompt: 0, seed: 1);

        Assert.Equal(Enumerable.Range(0, 500), Rows(rows).SelectMany(row => row).Order());
        Assert.All(Rows(rows), row => Assert.InRange(row.Sum(e => data.Examples[e].Tokens.Length), 1, 64));
        // Short examples fill what long ones leave: 1 % of the room is empty here.
        Assert.InRange(rows.Empty, 0, 0.02);
        Assert.Equal(Rows(rows), Rows(PackedRows.Of(data, 64, prompt: 0, seed: 1)));
        Assert.NotEqual(Rows(rows), Rows(PackedRows.Of(data, 64, prompt: 0, seed: 2)));
        Assert.Equal(rows.Count, PackedRows.Of(data, 64, prompt: 0, seed: 2).Count);
    }

    [Fact]
    public void The_virtual_tokens_of_each_example_but_the_first_take_room()
    {
        Assert.Equal(1, PackedRows.Of(Data(5, 5), 10, prompt: 0, seed: 1).Count);
        Assert.Equal(2, PackedRows.Of(Data(5, 5), 10, prompt: 1, seed: 1).Count);
        Assert.Equal(1, PackedRows.Of(Data(5, 4), 10, prompt: 1, seed: 1).Count);
        Assert.Equal(1, PackedRows.Of(Data(10), 10, prompt: 3, seed: 1).Count);
    }

    [Fact]
    public void Apart_each_has_a_row()
    {
        Assert.Equal([[0], [1], [2]], Rows(PackedRows.Apart(Data(3, 9, 6))));
        Assert.Equal(1 - 18 / 27.0, PackedRows.Apart(Data(3, 9, 6)).Empty, 1e-12);
    }

    [Fact]
    public void An_example_longer_than_a_row_is_refused() =>
        Assert.Throws<ArgumentException>(() => PackedRows.Of(Data(3, 11), 10, prompt: 0, seed: 1));

    private static int[][] Rows(PackedRows rows) => [.. Enumerable.Range(0, rows.Count).Select(row => rows[row].ToArray())];

    private static DataSet Data(params int[] lengths) => new([.. lengths.Select(length => new Example(new int[length], new int[length]))]);
}
