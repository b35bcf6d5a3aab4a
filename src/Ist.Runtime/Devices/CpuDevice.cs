using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ist.Runtime.Devices;

/// <summary>
/// The processor: kernels in SIMD on a fixed team of threads (<see cref="WorkerTeam"/>). Nothing is allocated per job.
/// </summary>
public sealed unsafe class CpuDevice : Device
{
    /// <summary>Bytes of scratch memory of each worker.</summary>
    public const int ScratchBytes = 4 << 20;

    /// <summary>Bytes of <see cref="Workspace"/>.</summary>
    public const int WorkspaceBytes = 4 << 20;

    private readonly WorkerTeam? _team;
    private readonly string? _instead;
    private bool _disposed;

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
        _team = new WorkerTeam(Threads);
    }

    private CpuDevice(WorkCounter? counter, string? instead)
    {
        Counter = counter;
        _instead = instead;
        Threads = 1;
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
            _team!.Run(tasks, job);
            return;
        }
        long begin = Stopwatch.GetTimestamp();
        _team!.Run(tasks, job);
        profile.Add(typeof(TJob), Stopwatch.GetTimestamp() - begin, job is IMeasuredJob measured ? measured.Work : default);
    }

    /// <summary>That a layer can't run on the device that this one stands for.</summary>
    internal InputException NoKernel(string layer) =>
        new($"--device {_instead} has no kernel for {layer} yet; run this model and method with --device cpu.");

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
        _team?.Dispose();
        for (int i = 0; i < Threads && Scratches is not null; i++)
            Free(Scratches[i]);
        Free(Scratches);
        Free(Workspace);
    }
}
