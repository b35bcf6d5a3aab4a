using Ist.Runtime.Devices;

namespace Ist.Runtime.Tests.Devices;

public sealed class TaskSharesTests
{
    [Theory]
    [InlineData(2, 12, 0, "0 1 2 3 4 5 6 7 8 9 10 11")]
    [InlineData(2, 12, 1, "6 7 8 9 10 11 0 1 2 3 4 5")]
    [InlineData(3, 7, 1, "2 3 4 5 6 0 1")]
    [InlineData(4, 2, 2, "1 0")]
    [InlineData(3, 0, 1, "")]
    public void A_worker_takes_its_own_share_and_then_those_of_others(int workers, int tasks, int worker, string expected)
    {
        var shares = new TaskShares(workers);
        for (int job = 0; job < 2; job++)
        {
            shares.Divide(tasks);
            Assert.Equal(expected, string.Join(' ', All(shares, worker)));
            Assert.False(shares.TryTake((worker + 1) % workers, out _));
        }
    }

    [Fact]
    public void Nothing_is_taken_twice()
    {
        var shares = new TaskShares(2);
        shares.Divide(6);
        Assert.True(shares.TryTake(1, out int first));
        Assert.Equal(3, first);
        Assert.Equal([0, 1, 2, 4, 5], All(shares, 0));
    }

    [Fact]
    public void What_is_dropped_is_not_taken()
    {
        var shares = new TaskShares(3);
        shares.Divide(1000);
        Assert.True(shares.TryTake(2, out _));
        shares.Drop();
        Assert.Empty(All(shares, 0));
    }

    [Fact]
    public void As_many_tasks_as_there_can_be_are_shared_out()
    {
        var shares = new TaskShares(3);
        shares.Divide(int.MaxValue);
        Assert.True(shares.TryTake(2, out int task));
        Assert.Equal((int)(2L * int.MaxValue / 3), task);
    }

    private static List<int> All(TaskShares shares, int worker)
    {
        List<int> tasks = [];
        while (shares.TryTake(worker, out int task))
            tasks.Add(task);
        return tasks;
    }
}
