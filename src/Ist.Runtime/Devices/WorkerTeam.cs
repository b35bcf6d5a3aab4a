using System.Runtime.ExceptionServices;

namespace Ist.Runtime.Devices;

/// <summary>
/// Threads that do the tasks of one job after another. The calling thread works too; the others spin for some microseconds after a job,
/// then park, so that a busy machine loses nothing to them. Nothing is allocated per job.
/// </summary>
internal sealed unsafe class WorkerTeam : IDisposable
{
    private const int SpinsBeforeParking = 64;

    private readonly Thread[] _workers;
    private readonly TaskShares _shares;
    private readonly SemaphoreSlim _wake = new(0);
    private delegate*<void*, int, int, void> _execute;
    private void* _job;
    private int _inside;
    private int _parked;
    private long _open;
    private long _jobs;
    private Exception? _fault;
    private volatile bool _disposed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">How many there are, the caller among them.</param>
    public WorkerTeam(int threads)
    {
        _workers = new Thread[threads - 1];
        _shares = new TaskShares(threads);
        for (int i = 0; i < _workers.Length; i++)
        {
            int worker = i + 1;
            _workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"Ist worker {worker}" };
            _workers[i].Start();
        }
    }

    /// <summary>
    /// Runs tasks 0 to <paramref name="tasks"/> - 1 and returns when all are done. What a task throws ends the job and is thrown here.
    /// Called by one thread at a time, and not from within a task.
    /// </summary>
    public void Run<TJob>(int tasks, in TJob job) where TJob : unmanaged, ICpuJob
    {
        fixed (TJob* pointer = &job)
        {
            if (tasks == 1 || _workers.Length == 0)
            {
                for (int task = 0; task < tasks; task++)
                    pointer->Execute(task, 0);
                return;
            }
            Open(pointer, &ExecuteTask<TJob>, tasks);
            Drain(0);
            Close();
        }
        if (_fault is { } fault)
        {
            _fault = null;
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _wake.Release(_workers.Length + 1);
        foreach (Thread worker in _workers)
            worker.Join();
        _wake.Dispose();
    }

    private static void ExecuteTask<TJob>(void* job, int task, int worker) where TJob : unmanaged, ICpuJob =>
        ((TJob*)job)->Execute(task, worker);

    // A job is open while _open holds its number. Workers enter by raising _inside and then reading _open; the caller
    // leaves by clearing _open and then waiting for _inside to fall to zero. Both are full fences, so a worker that saw
    // the job open is seen by the caller, and one that comes late finds it closed and touches nothing.
    private void Open(void* job, delegate*<void*, int, int, void> execute, int tasks)
    {
        _job = job;
        _execute = execute;
        _shares.Divide(tasks);
        Interlocked.Exchange(ref _open, ++_jobs);
        int parked = Volatile.Read(ref _parked);
        if (parked > 0)
            _wake.Release(Math.Min(parked, tasks - 1));
    }

    private void Close()
    {
        Interlocked.Exchange(ref _open, 0);
        var wait = new SpinWait();
        while (Volatile.Read(ref _inside) != 0)
            wait.SpinOnce(sleep1Threshold: -1);
    }

    // A fault ends the job: the tasks not yet begun are left out. The first one is kept for the caller.
    private void Drain(int worker)
    {
        try
        {
            while (_shares.TryTake(worker, out int task))
                _execute(_job, task, worker);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _fault, e, null);
            _shares.Drop();
        }
    }

    private void Work(int worker)
    {
        long done = 0;
        while (true)
        {
            var wait = new SpinWait();
            for (int spins = 0; IsIdle(done); spins++)
            {
                if (spins < SpinsBeforeParking)
                {
                    wait.SpinOnce(sleep1Threshold: -1);
                    continue;
                }
                Interlocked.Increment(ref _parked);
                if (IsIdle(done))
                    _wake.Wait();
                Interlocked.Decrement(ref _parked);
            }
            if (_disposed)
                return;
            Interlocked.Increment(ref _inside);
            long open = Volatile.Read(ref _open);
            if (open != 0 && open != done)
            {
                Drain(worker);
                done = open;
            }
            Interlocked.Decrement(ref _inside);
        }
    }

    private bool IsIdle(long done)
    {
        long open = Volatile.Read(ref _open);
        return (open == 0 || open == done) && !_disposed;
    }
}
