using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Ist.Runtime.Devices;

/// <summary>
/// The processor: kernels in SIMD on a fixed team of threads. The calling thread works too; the others spin for some
/// microseconds after a job, then park, so that a busy machine loses nothing to them. Nothing is allocated per job.
/// </summary>
public sealed unsafe class CpuDevice : Device
{
    /// <summary>Bytes of scratch memory of each worker.</summary>
    public const int ScratchBytes = 4 << 20;

    /// <summary>Bytes of <see cref="Workspace"/>.</summary>
    public const int WorkspaceBytes = 4 << 20;

    private const int SpinsBeforeParking = 64;

    private readonly Thread[] _workers;
    private readonly SemaphoreSlim _wake = new(0);
    private delegate*<void*, int, int, void> _execute;
    private void* _job;
    private int _tasks;
    private int _next;
    private int _inside;
    private int _parked;
    private long _open;
    private long _jobs;
    private Exception? _fault;
    private volatile bool _disposed;
    private readonly string? _instead;

    /// <summary>Starts the team.</summary>
    /// <param name="threads">How many threads compute, the caller among them; 0 takes one per processor.</param>
    public CpuDevice(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        Threads = threads == 0 ? Environment.ProcessorCount : threads;
        Workspace = (float*)Allocate(WorkspaceBytes);
        Scratches = (float**)Allocate((long)Threads * sizeof(float*));
        for (int i = 0; i < Threads; i++)
            Scratches[i] = (float*)Allocate(ScratchBytes);
        _workers = new Thread[Threads - 1];
        for (int i = 0; i < _workers.Length; i++)
        {
            int worker = i + 1;
            _workers[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"Ist worker {worker}" };
            _workers[i].Start();
        }
    }

    private CpuDevice(WorkCounter? counter, string? instead)
    {
        Counter = counter;
        _instead = instead;
        Threads = 1;
        _workers = [];
    }

    /// <summary>
    /// A device that runs no kernel and has no memory: launchers count what they would do. A pass over it touches no buffer, so it
    /// needs none.
    /// </summary>
    public static CpuDevice Counting(WorkCounter counter) => new(counter, null);

    /// <summary>
    /// What launchers without a kernel for another device are given instead of it: it computes nothing, and its first job is refused by
    /// the name of the layer.
    /// </summary>
    /// <param name="device">The other device, as the command line calls it.</param>
    internal static CpuDevice Refusing(string device) => new(null, device);

    /// <summary>Counts instead of computing; null in a device that computes.</summary>
    public WorkCounter? Counter { get; }

    /// <summary>How many threads compute.</summary>
    public int Threads { get; }

    /// <inheritdoc/>
    public override string Name => Threads == 1 ? "CPU, 1 thread" : $"CPU, {Threads} threads";

    /// <summary>
    /// Memory that a launcher shares with the tasks that it starts: <see cref="WorkspaceBytes"/> bytes, aligned to 64. It belongs
    /// to one launcher at a time.
    /// </summary>
    public float* Workspace { get; }

    /// <summary>
    /// The workers' scratch memory, for jobs, which can't hold the device: <c>Scratches[worker]</c> is
    /// <see cref="ScratchBytes"/> bytes, aligned to 64, for the length of one task.
    /// </summary>
    public float** Scratches { get; }

    /// <summary>One worker's scratch memory.</summary>
    public float* Scratch(int worker) => Scratches[worker];

    /// <summary>
    /// Runs tasks 0 to <paramref name="tasks"/> - 1 on all threads and returns when all are done. What a task throws ends the
    /// job and is thrown here. Called by one thread at a time, and not from within a task.
    /// </summary>
    public void For<TJob>(int tasks, in TJob job) where TJob : unmanaged, ICpuJob
    {
        if (_instead is not null)
            throw NoKernel(typeof(TJob).DeclaringType?.Name ?? typeof(TJob).Name);
        if (tasks <= 0 || Counter is not null)
            return;
        if (Profile is not { } profile)
        {
            RunAll(tasks, job);
            return;
        }
        long begin = Stopwatch.GetTimestamp();
        RunAll(tasks, job);
        profile.Add(typeof(TJob), Stopwatch.GetTimestamp() - begin, job is IMeasuredJob measured ? measured.Work : default);
    }

    /// <summary>That a layer can't run on the device that this one stands for.</summary>
    internal InputException NoKernel(string layer) =>
        new($"--device {_instead} has no kernel for {layer} yet; run this model and method with --device cpu.");

    private void RunAll<TJob>(int tasks, in TJob job) where TJob : unmanaged, ICpuJob
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

    /// <inheritdoc/>
    public override void* Allocate(long bytes)
    {
        try
        {
            void* memory = NativeMemory.AlignedAlloc(checked((nuint)Math.Max(bytes, 64)), 64);
            NativeMemory.Clear(memory, (nuint)bytes);
            return memory;
        }
        catch (OutOfMemoryException e)
        {
            throw new RunException(
                $"Not enough memory for {bytes / 1048576.0:F0} MiB; lower the micro-batch size or the maximal length.", e);
        }
    }

    /// <inheritdoc/>
    public override void Free(void* memory) => NativeMemory.AlignedFree(memory);

    /// <inheritdoc/>
    public override bool IsHost => true;

    /// <inheritdoc/>
    public override void Require(Precision precision)
    {
        if (precision != Precision.F32)
            throw new InputException($"precision {precision.ToName()} is for a GPU, and the processor computes in fp32; leave it out, or give --device cuda.");
    }

    /// <inheritdoc/>
    public override void Upload(void* from, void* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);

    /// <inheritdoc/>
    public override void Download(void* from, void* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);

    /// <inheritdoc/>
    public override void Clear(void* memory, long bytes) => NativeMemory.Clear(memory, checked((nuint)bytes));

    /// <inheritdoc/>
    public override void MoveDown(void* from, void* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _wake.Release(Threads);
        foreach (Thread worker in _workers)
            worker.Join();
        for (int i = 0; i < Threads && Scratches is not null; i++)
            Free(Scratches[i]);
        Free(Scratches);
        Free(Workspace);
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
        _tasks = tasks;
        _next = 0;
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
            int task;
            while ((task = Interlocked.Increment(ref _next) - 1) < _tasks)
                _execute(_job, task, worker);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _fault, e, null);
            Volatile.Write(ref _next, _tasks);
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
