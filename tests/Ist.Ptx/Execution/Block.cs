using System.Numerics;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Execution;

/// <summary>A thread block: its warps run in turn, each up to its next barrier. One object runs many blocks.</summary>
internal sealed class Block : IDisposable
{
    private readonly Warp[] _warps;
    private long _number;

    public Block(Launch launch)
    {
        Launch = launch;
        Global = new GlobalAccess(launch.Memory, launch.Kernel.GlobalAccesses);
        Shared = new SharedMemory(launch.Kernel.StaticSharedBytes, launch.DynamicSharedBytes);
        _warps = new Warp[(launch.Threads.Count + Warp.Lanes - 1) / Warp.Lanes];
        for (int i = 0; i < _warps.Length; i++)
            _warps[i] = new Warp(this, i);
    }

    public Launch Launch { get; }

    public Kernel Kernel => Launch.Kernel;

    public Index3 Threads => Launch.Threads;

    public Index3 Index { get; private set; }

    public int Warps => _warps.Length;

    public GlobalAccess Global { get; }

    public SharedMemory Shared { get; }

    /// <summary>Runs one block of the grid.</summary>
    public void Run(long number)
    {
        Index = Launch.Grid.At(number);
        _number = number;
        Shared.Start();
        NextEpoch();
        foreach (var warp in _warps)
            warp.Start();
        bool running = true;
        while (running)
        {
            running = false;
            foreach (var warp in _warps)
            {
                if (warp.Alive == 0 || warp.Waiting is not null)
                    continue;
                warp.Run();
                running = true;
            }
            running |= OpenBarriers();
        }
    }

    public void Dispose()
    {
        foreach (var warp in _warps)
            warp.Dispose();
        Shared.Dispose();
    }

    private void NextEpoch() => Global.Tag = GlobalRaces.Tag(Launch.Number, _number, Shared.NextEpoch());

    /// <summary>Opens each barrier that has all its threads. False where nobody waits any more.</summary>
    private bool OpenBarriers()
    {
        var waiting = _warps.Where(warp => warp.Waiting is not null).ToList();
        if (waiting.Count == 0 || _warps.Any(warp => warp.Alive != 0 && warp.Waiting is null))
            return waiting.Count != 0;
        bool opened = false;
        foreach (var barrier in waiting.GroupBy(warp => warp.Waiting!.Number).ToList())
        {
            var first = barrier.First();
            int arrived = barrier.Sum(warp => BitOperations.PopCount(warp.Waiting!.Lanes));
            int needed = first.Waiting!.Threads ?? _warps.Sum(warp => BitOperations.PopCount(warp.Alive));
            if (first.Waiting.Threads is null && barrier.FirstOrDefault(warp => warp.Waiting!.At != first.Waiting.At) is { } other)
                throw Divergence(other, $"other threads of the block wait at line {first.Waiting.At.Line}");
            if (arrived < needed)
                continue;
            var together = barrier.Select(warp => warp.Waiting!).ToList();
            foreach (var warp in barrier)
                warp.Open(together);
            NextEpoch();
            opened = true;
        }
        return opened ? true : throw Divergence(waiting[0], "it never opens, because not enough threads of the block come to it");
    }

    private static PtxException Divergence(Warp warp, string problem) =>
        warp.Fault(warp.Waiting!.At, BitOperations.TrailingZeroCount(warp.Waiting.Lanes), $"barrier divergence: {problem}");
}
