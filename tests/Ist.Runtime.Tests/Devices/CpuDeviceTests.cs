using Ist.Runtime.Devices;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Devices;

public sealed unsafe class CpuDeviceTests
{
    private readonly struct Count(int* counts, int* workers, int threads) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Interlocked.Increment(ref counts[task]);
            if (worker < 0 || worker >= threads)
                Interlocked.Increment(ref *workers);
        }
    }

    private readonly struct Throw(int at, int* begun) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Interlocked.Increment(ref *begun);
            if (task == at)
                throw new InvalidOperationException($"task {task}");
        }
    }

    private readonly struct Meet(int* met) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Interlocked.Increment(ref *met);
            WaitFor(met, 2);
        }
    }

    private readonly struct ThrowInCompany(int* begun) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            Interlocked.Increment(ref *begun);
            if (task > 0)
                return;
            WaitFor(begun, 2);
            throw new InvalidOperationException("task 0");
        }
    }

    private readonly struct Own(float** scratches, int* clashes) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* mine = scratches[worker];
            for (int i = 0; i < 64; i++)
                mine[i] = task;
            for (int i = 0; i < 64; i++)
                *clashes += mine[i] == task ? 0 : 1;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Many_tiny_jobs_run_every_task_once(int threads)
    {
        using var cpu = new CpuDevice(threads);
        int* counts = (int*)cpu.Allocate(sizeof(int) * 64);
        int wrong = 0;
        for (int job = 0; job < 20000; job++)
            cpu.For(job % 7, new Count(counts, &wrong, threads));
        for (int task = 0; task < 7; task++)
            Assert.Equal(Enumerable.Range(0, 20000).Count(job => job % 7 > task), counts[task]);
        Assert.Equal(0, wrong);
        cpu.Free(counts);
    }

    /// <summary>Two tasks that each wait for the other need two threads, however long these have slept.</summary>
    [Fact]
    public void Workers_that_have_parked_wake_again()
    {
        using var cpu = new CpuDevice(2);
        for (int job = 0; job < 20; job++)
        {
            Thread.Sleep(5);
            int met = 0;
            cpu.For(2, new Meet(&met));
            Assert.Equal(2, met);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 0)]
    [InlineData(4, 17)]
    [InlineData(8, 999)]
    public void What_a_task_throws_is_thrown_here_and_the_device_goes_on(int threads, int at)
    {
        using var cpu = new CpuDevice(threads);
        for (int round = 0; round < 20; round++)
        {
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Begun(cpu, at));
            Assert.Equal($"task {at}", e.Message);
            Assert.Equal(1000, Begun(cpu, -1));
        }
    }

    [Fact]
    public void A_fault_leaves_out_what_has_not_begun()
    {
        const int tasks = 500_000_000;
        using var cpu = new CpuDevice(2);
        int begun = 0;
        try
        {
            cpu.For(tasks, new ThrowInCompany(&begun));
            Assert.Fail("Nothing was thrown.");
        }
        catch (InvalidOperationException)
        {
            Assert.InRange(begun, 2, tasks - 1);
        }
    }

    [Fact]
    public void Each_worker_has_its_own_scratch()
    {
        using var cpu = new CpuDevice(8);
        int clashes = 0;
        for (int job = 0; job < 200; job++)
            cpu.For(100, new Own(cpu.Scratches, &clashes));
        Assert.Equal(0, clashes);
        Assert.Equal(8, Enumerable.Range(0, 8).Select(worker => (nint)cpu.Scratch(worker)).Distinct().Count());
    }

    [Fact]
    public void Jobs_allocate_nothing()
    {
        using var cpu = new CpuDevice(4);
        int* counts = (int*)cpu.Allocate(sizeof(int) * 65);
        int* wrong = counts + 64;
        cpu.For(64, new Count(counts, wrong, 4));
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int job = 0; job < 1000; job++)
                cpu.For(64, new Count(counts, wrong, 4));
        }));
        cpu.Free(counts);
    }

    [Fact]
    public void Dispose_ends_the_threads_at_once_and_can_be_repeated()
    {
        for (int round = 0; round < 20; round++)
        {
            var cpu = new CpuDevice(8);
            if (round % 2 == 0)
                Thread.Sleep(2);
            cpu.Dispose();
            cpu.Dispose();
        }
    }

    [Fact]
    public void Memory_is_zero_and_aligned()
    {
        using var cpu = new CpuDevice(1);
        byte* memory = (byte*)cpu.Allocate(1000);
        Assert.Equal(0, (nint)memory % 64);
        Assert.Equal(new byte[1000], new ReadOnlySpan<byte>(memory, 1000).ToArray());
        cpu.Free(memory);
    }

    [Fact]
    public void Too_much_memory_is_told_in_one_line()
    {
        using var cpu = new CpuDevice(1);
        RunException e = Assert.Throws<RunException>(() => Allocate(cpu, 1L << 60));
        Assert.Equal("Not enough memory for 1099511627776 MiB; lower the micro-batch size or the maximal length.", e.Message);
    }

    [Fact]
    public void Its_name_tells_the_threads()
    {
        using CpuDevice one = new(1), two = new(2), all = new();
        Assert.Equal("CPU, 1 thread", one.Name);
        Assert.Equal("CPU, 2 threads", two.Name);
        Assert.Equal(Environment.ProcessorCount, all.Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuDevice(-1));
    }

    private static int Begun(CpuDevice cpu, int at)
    {
        int begun = 0;
        cpu.For(1000, new Throw(at, &begun));
        return begun;
    }

    private static void WaitFor(int* count, int enough)
    {
        long begin = Environment.TickCount64;
        while (Volatile.Read(ref *count) < enough)
        {
            if (Environment.TickCount64 - begin > 20_000)
                throw new TimeoutException("No other thread came.");
            Thread.Yield();
        }
    }

    private static void Allocate(CpuDevice cpu, long bytes) => cpu.Allocate(bytes);
}
